//! Exchange Web Services: bytes in and bytes out, no I/O.
