//! An Exchange that speaks EWS.
