//! Exchange over EWS as a [`Calendar`](super::port::Calendar).
