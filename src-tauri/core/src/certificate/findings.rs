//! What a certificate is worth for verifying a sign-in.

use jiff::Timestamp;

use super::Certificate;
use super::key::{self, Key, SHORTEST_RSA};
use crate::ending::{IN_SIGHT, SOON};
use crate::fault::Fault;
use crate::finding::Finding;

impl Certificate {
    /// Everything that speaks against it as a provider's signing certificate, all at once.
    pub fn findings(&self, now: Timestamp) -> Vec<Finding> {
        self.in_time(now)
            .into_iter()
            .chain(self.of_itself())
            .collect()
    }

    /// What speaks against it at any time.
    pub fn of_itself(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.of_key().into_iter().collect();
        if self.is_altered {
            findings.push(Finding::warning(Fault::CertificateAltered {
                subject: self.subject.clone(),
            }));
        }
        if !self.may_sign {
            findings.push(Finding::warning(Fault::CertificateNotForSigning {
                subject: self.subject.clone(),
            }));
        }
        if self.is_ca {
            let fault = Fault::CertificateIsAuthority {
                subject: self.subject.clone(),
            };
            // Who makes one by hand often marks it so.
            findings.push(if self.self_signed {
                Finding::note(fault)
            } else {
                Finding::warning(fault)
            });
        }
        if key::is_weak(&self.signature_algorithm) {
            findings.push(Finding::note(Fault::CertificateSignedWeakly {
                algorithm: self.signature_algorithm.clone(),
            }));
        }
        findings
    }

    /// What its validity says at this moment.
    pub fn in_time(&self, now: Timestamp) -> Option<Finding> {
        if now > self.not_after {
            return Some(Finding::error(Fault::CertificateExpired {
                subject: self.subject.clone(),
                not_after: self.not_after,
                now,
            }));
        }
        if now < self.not_before {
            return Some(Finding::error(Fault::CertificateNotYetValid {
                subject: self.subject.clone(),
                not_before: self.not_before,
                now,
            }));
        }
        let days = self.days_left(now);
        let fault = Fault::CertificateExpiresSoon {
            subject: self.subject.clone(),
            not_after: self.not_after,
            days,
        };
        if days <= SOON {
            Some(Finding::warning(fault))
        } else if days <= IN_SIGHT {
            Some(Finding::note(fault))
        } else {
            None
        }
    }

    fn of_key(&self) -> Option<Finding> {
        match self.key {
            Key::Rsa { bits } if bits < SHORTEST_RSA => {
                Some(Finding::error(Fault::CertificateKeyShort {
                    bits,
                    limit: SHORTEST_RSA,
                }))
            }
            _ if !self.key.is_supported() => {
                Some(Finding::error(Fault::CertificateKeyUnsupported {
                    key: self.key.to_string(),
                }))
            }
            _ => None,
        }
    }
}
