//! Blikk as a [`Calendar`](super::port::Calendar).
