// Generated from the Rust types by `cargo xtask types`. Do not edit.

export type Side = "blikk" | "exchange";

export type Code = "gateway.token_expired" | "gateway.token_invalid" | "gateway.refused" | "gateway.request_too_large" | "gateway.not_configured" | "gateway.unreachable" | "gateway.failed" | "exchange.unauthorized" | "exchange.forbidden" | "exchange.impersonation_denied" | "exchange.mailbox_unknown" | "exchange.unreachable" | "exchange.timed_out" | "exchange.busy" | "exchange.failed" | "exchange.not_xml" | "exchange.not_soap" | "exchange.truncated" | "exchange.too_large" | "exchange.refused" | "exchange.item_refused" | "exchange.item_gone" | "exchange.item_changed" | "exchange.token_dead" | "blikk.unauthorized" | "blikk.forbidden" | "blikk.not_found" | "blikk.conflict" | "blikk.event_refused" | "blikk.busy" | "blikk.failed" | "blikk.unreachable" | "blikk.timed_out" | "blikk.too_large" | "blikk.not_understood" | "blikk.token_dead" | "event.ends_before_start" | "event.zone_unknown" | "event.unreadable" | "event.series" | "event.meeting" | "event.not_an_appointment" | "event.untitled" | "run.cancelled" | "run.already_running" | "run.unsettled" | "store.failed" | "store.stale" | "internal";

export type Problem = { code: Code, server?: string, waitSeconds?: number, };

export type Unsynced = { problem: Problem, title: string, start?: string, };

export type Note = { side: Side, event: Unsynced, };

export type Written = { created: number, updated: number, deleted: number, };

export type Progress = { "kind": "reading", side: Side, events: number, } | { "kind": "writing", side: Side, done: number, total: number, } | { "kind": "waiting", side: Side, until: string, };

export type Outcome = { "kind": "done" } | { "kind": "cancelled" } | { "kind": "failed", side: Side | null, problem: Problem, };

export type RunReport = { started: string, ended: string, outcome: Outcome, blikk: Written, exchange: Written, linked: number, notSynchronised: Partial<Record<Code, number>>, notes: Array<Note>, };

export type Service = "gateway" | "blikk";

export type HttpFault = "unreachable" | "timedOut" | "tooLarge" | "cancelled" | "notSignedIn";
