/**
 * Claims that an ID token carries about itself: other at each sign-in, or the same for everybody, so that no rule can rest on them.
 * OpenID Connect Core, section 2 and 3.3.2.11; RFC 7519, section 4.1. `sub` is not among them: it is the person.
 */
const OF_ANSWER: ReadonlySet<string> = new Set([
  "iss",
  "aud",
  "azp",
  "exp",
  "iat",
  "nbf",
  "jti",
  "auth_time",
  "nonce",
  "at_hash",
  "c_hash",
  "s_hash",
  "sid",
]);

/** Whether a claim speaks of the answer, not of the person. */
export function ofAnswer(claim: string): boolean {
  return OF_ANSWER.has(claim);
}
