//! Two-way calendar synchronisation between Blikk and Exchange.
pub mod blikk;
pub mod event;
pub mod ews;
pub mod http;
pub mod problem;
pub mod sync;
pub mod zone;
