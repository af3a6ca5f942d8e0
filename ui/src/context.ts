import { createContext } from "svelte";

import type { OpenDesk } from "./desk.svelte";
import type { Host } from "./host";
import type { Start } from "./wire";

/** The program around the interface. */
export const [useHost, provideHost] = createContext<Host>();

/** What the program said at the start: catalogue, where secrets are kept, version. */
export const [useStart, provideStart] = createContext<Start>();

/** The workspace that is open. */
export const [useDesk, provideDesk] = createContext<OpenDesk>();
