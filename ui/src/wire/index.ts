/** The types that cross between the window and the program. Written from Rust, never here. */
export type * from "../host/bindings";
