//! What one test sign-in showed, stage by stage.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::claims::Claims;
use crate::finding::{Finding, Told, any_error};
use crate::rules::Resolution;

/// One step of a test sign-in, in the order in which they are reached.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type,
)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The provider could be reached and showed its sign-in page.
    Reached,
    /// An answer came, and it belongs to this sign-in.
    Answered,
    /// The answer is signed with a key of the provider.
    Signed,
    /// The answer is for this application, from this provider.
    Addressed,
    /// The answer is valid now.
    InTime,
    /// The answer says who the person is.
    Identified,
    /// A rule gives the person a role.
    Mapped,
}

impl Stage {
    /// All stages, in order.
    pub const ALL: [Self; 7] = [
        Self::Reached,
        Self::Answered,
        Self::Signed,
        Self::Addressed,
        Self::InTime,
        Self::Identified,
        Self::Mapped,
    ];
}

/// How a stage ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// An earlier stage failed.
    NotReached,
}

/// One stage with what was noticed at it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct StageReport {
    /// Which stage.
    pub stage: Stage,
    /// How it ended.
    pub outcome: Outcome,
    /// What was noticed, errors first.
    pub findings: Vec<Told>,
}

/// Whose key signed an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Signer {
    /// A key of the provider's key set (RFC 7517).
    Key {
        /// Its ID; empty where it has none.
        id: String,
    },
    /// The key of one of the set-up's certificates.
    Certificate {
        /// SHA-256 over the certificate, in small hexadecimal digits.
        sha256: String,
        /// Whom it was made for.
        subject: String,
    },
}

/// What one test sign-in showed. `claims`, `subject` and `role` are filled only from verified
/// bytes: while a stage up to `identified` has failed, they are empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Verdict {
    /// Whether every stage up to `identified` passed: the person is who the provider says.
    pub verified: bool,
    /// All seven stages, in order.
    pub stages: Vec<StageReport>,
    /// The provider's name for the person (`sub`).
    pub subject: Option<String>,
    /// Whose key signed.
    #[serde(default)]
    pub signed_by: Option<Signer>,
    /// The claims as they arrived.
    pub claims: Claims,
    /// Names the answer without telling anything of it: the same answer has the same name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    /// The role that the person would get; the service's fallback when no rule matched.
    pub role: Option<String>,
    /// The rule that decided, counted from 1; none at the fallback.
    pub rule: Option<u32>,
    /// Rules that would have matched too, and near misses.
    pub resolution: Option<Resolution>,
}

impl Verdict {
    /// Whether all seven stages passed.
    pub fn passed(&self) -> bool {
        self.stages
            .iter()
            .all(|report| report.outcome == Outcome::Passed)
    }

    /// The stage that failed.
    pub fn failed_at(&self) -> Option<&StageReport> {
        self.stages
            .iter()
            .find(|report| report.outcome == Outcome::Failed)
    }

    /// A verdict of a sign-in that ended at `stage`.
    pub fn failed(track: Track) -> Self {
        Self {
            verified: false,
            stages: track.finish(),
            subject: None,
            signed_by: None,
            claims: Claims::default(),
            answer: None,
            role: None,
            rule: None,
            resolution: None,
        }
    }
}

/// The stages while a sign-in runs. A stage that has failed cannot pass any more, and no stage
/// behind it can be reached.
#[derive(Clone, Debug, Default)]
pub struct Track {
    done: Vec<(Stage, Vec<Finding>)>,
}

/// The sign-in has ended at a stage that failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the sign-in ended at {0:?}")]
pub struct Stopped(pub Stage);

impl Track {
    /// Notes what was found at a stage and says whether the sign-in goes on.
    ///
    /// Stages are reported in order; a stage may be reported more than once.
    ///
    /// # Errors
    /// [`Stopped`], when one of the findings is an error, or an earlier stage has failed.
    pub fn report(&mut self, stage: Stage, findings: Vec<Finding>) -> Result<(), Stopped> {
        if let Some(failed) = self.failed() {
            return Err(Stopped(failed));
        }
        let failed = any_error(&findings);
        match self.done.iter_mut().find(|(done, _)| *done == stage) {
            Some((_, earlier)) => earlier.extend(findings),
            None => self.done.push((stage, findings)),
        }
        if failed { Err(Stopped(stage)) } else { Ok(()) }
    }

    /// The first stage that failed, if one has.
    pub fn failed(&self) -> Option<Stage> {
        self.done
            .iter()
            .filter(|(_, findings)| any_error(findings))
            .map(|(stage, _)| *stage)
            .min()
    }

    /// Everything noticed up to the stage that failed, in the order of the stages, the gravest of
    /// each first.
    pub fn into_findings(self) -> Vec<Finding> {
        let failed = self.failed();
        let mut done = self.done;
        done.retain(|(stage, _)| failed.is_none_or(|failed| *stage <= failed));
        done.sort_by_key(|(stage, _)| *stage);
        for (_, findings) in &mut done {
            findings.sort_by_key(|finding| finding.severity);
        }
        done.into_iter()
            .flat_map(|(_, findings)| findings)
            .collect()
    }

    /// All seven stages with their outcome.
    pub fn finish(self) -> Vec<StageReport> {
        let failed = self.failed();
        let mut done = self.done;
        // What is found wrong at a stage after later ones were reported takes them back.
        done.retain(|(stage, _)| failed.is_none_or(|failed| *stage <= failed));
        Stage::ALL
            .into_iter()
            .map(|stage| {
                let found = done.iter().position(|(s, _)| *s == stage);
                let Some(index) = found else {
                    return StageReport {
                        stage,
                        outcome: Outcome::NotReached,
                        findings: Vec::new(),
                    };
                };
                let (_, mut findings) = done.swap_remove(index);
                let outcome = if any_error(&findings) {
                    Outcome::Failed
                } else {
                    Outcome::Passed
                };
                findings.sort_by_key(|finding| finding.severity);
                StageReport {
                    stage,
                    outcome,
                    findings: findings.iter().map(Finding::told).collect(),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fault::Fault;

    #[test]
    fn nothing_passes_behind_a_stage_that_failed() {
        let mut track = Track::default();
        track.report(Stage::Reached, vec![]).unwrap();
        assert_eq!(
            track.report(
                Stage::Answered,
                vec![Finding::error(Fault::StateMissing {})]
            ),
            Err(Stopped(Stage::Answered))
        );
        assert_eq!(
            track.report(Stage::Signed, vec![]),
            Err(Stopped(Stage::Answered))
        );
        let outcomes: Vec<_> = track
            .finish()
            .into_iter()
            .map(|report| report.outcome)
            .collect();
        assert_eq!(
            outcomes[..3],
            [Outcome::Passed, Outcome::Failed, Outcome::NotReached]
        );
        assert!(
            outcomes[3..]
                .iter()
                .all(|outcome| *outcome == Outcome::NotReached)
        );
    }

    #[test]
    fn a_stage_that_fails_late_takes_back_what_passed_behind_it() {
        let mut track = Track::default();
        for stage in [Stage::Answered, Stage::Signed, Stage::InTime] {
            track.report(stage, vec![]).unwrap();
        }
        let late = vec![Finding::error(Fault::AccessTokenHashDiffers {})];
        assert!(track.report(Stage::Signed, late).is_err());
        let outcomes: Vec<_> = track.finish().iter().map(|report| report.outcome).collect();
        assert_eq!(outcomes[2], Outcome::Failed);
        assert!(outcomes[3..].iter().all(|o| *o == Outcome::NotReached));
    }

    #[test]
    fn a_warning_does_not_stop_and_stands_behind_the_errors() {
        let mut track = Track::default();
        track
            .report(
                Stage::Reached,
                vec![Finding::warning(Fault::ScopeEmailMissing {})],
            )
            .unwrap();
        let _ = track.report(
            Stage::Reached,
            vec![Finding::error(Fault::SubjectMissing {})],
        );
        let report = track.finish().remove(0);
        assert_eq!(report.outcome, Outcome::Failed);
        assert_eq!(report.findings[0].code, "subject_missing");
    }
}
