import { createContext } from "svelte";

/** Closes the open workspace and shows the home page. */
export const [leaveDesk, provideLeave] = createContext<() => void>();
