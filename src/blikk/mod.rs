//! Blikk's calendar API.
