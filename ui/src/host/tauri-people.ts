import { Channel } from "@tauri-apps/api/core";

import type { PeopleProgress } from "../wire";
import { commands } from "./bindings";
import type { PeopleHost } from "./people";

/** The program's commands about people. */
export const people: PeopleHost = {
  held: commands.peopleHeld,
  keep: commands.keepPeople,
  choose: commands.choosePeople,
  async give(id, name, part, first) {
    await commands.givePeople(id, name, part, first);
  },
  look: commands.lookAtPeople,
  read: (id, ask, onProgress) => commands.readPeople(id, ask, channel(onProgress)),
  fetch: (id, { from, address, token }, onProgress) =>
    commands.fetchPeople(id, from, address, token, channel(onProgress)),
  resume: (id, onProgress) => commands.resumePeople(id, channel(onProgress)),
  keepFetched: commands.keepFetchedPeople,
  async cancel(id) {
    await commands.cancelPeople(id);
  },
  async leaveServer(id) {
    await commands.leavePeopleServer(id);
  },
  async drop(id) {
    await commands.dropPeople(id);
  },
  count: commands.countPeople,
  foresee: (id, rules, index) => commands.foreseeMove(id, rules, index + 1),
  findings: commands.peopleFindings,
  list: (id, rules, { whose, search, offset, limit }) =>
    commands.listPeople(id, rules, whose, search, offset, limit),
  values: commands.offerValues,
};

function channel(onProgress: (progress: PeopleProgress) => void): Channel<PeopleProgress> {
  const channel = new Channel<PeopleProgress>();
  channel.onmessage = onProgress;
  return channel;
}
