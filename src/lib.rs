//! Two-way calendar synchronisation between Blikk and Exchange.
pub mod blikk;
pub mod event;
pub mod ews;
pub mod http;
pub mod problem;
pub mod sync;
#[cfg(target_arch = "wasm32")]
pub mod wasm;
pub mod zone;
