import type { Catalogue, Change } from "../wire";
import { connection } from "../words/connection";
import { nameOf } from "../words/fields";
import { history } from "../words/history";

const words = history.changes;

/** One line of what differs. */
export type Line = { what: string; before: string; after: string };

/** What differs, in the words of the form. */
export function linesOf(changes: readonly Change[], catalogue: Catalogue): Line[] {
  return changes.map((change) => lineOf(change, catalogue));
}

function lineOf(change: Change, catalogue: Catalogue): Line {
  switch (change.kind) {
    case "field": {
      const { path, before, after } = change;
      const value = (text: string) => valueOf(path, text, catalogue) || words.none;
      return { what: nameOf(path), before: value(before), after: value(after) };
    }
    case "secret":
      return { what: nameOf(change.path), before: "", after: words.secret };
    case "rule_added":
      return { what: words.added(change.at), before: "", after: ruleOf(change) };
    case "rule_removed":
      return { what: words.removed(change.at), before: ruleOf(change), after: "" };
    case "rule_moved": {
      const rule = ruleOf(change);
      return { what: words.moved(change.from, change.to), before: rule, after: rule };
    }
  }
}

function ruleOf({ rule }: Extract<Change, { rule: unknown }>): string {
  return words.rule(rule.claim, rule.value, rule.role);
}

/** A value as the form shows it. */
function valueOf(path: string, value: string, { providers, services }: Catalogue): string {
  const named = (list: { id: string; name: string }[]) =>
    list.find(({ id }) => id === value)?.name ?? value;
  switch (path) {
    case "connection.provider":
      return named(providers);
    case "workspace.service":
      return named(services);
    case "workspace.region":
      return named(services.flatMap(({ regions }) => regions));
    case "connection.flow":
      if (value === "code") return connection.advanced.code;
      return value === "id_token" ? connection.advanced.implicit : value;
    case "connection.login_hint":
    case "connection.sign_requests":
      if (value === "") return "";
      return value === "true" ? words.on : words.off;
    case "connection.certificates":
      return value.replaceAll(", ", "\n");
    default:
      return value;
  }
}
