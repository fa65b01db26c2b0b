//! A Blikk with users, sign-in and a calendar, as docs/blikk-calendar.openapi.yaml says.
