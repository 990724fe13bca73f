//! A session with the proxy through which it reaches public names, and on other machines the
//! harness itself.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use super::preflight::preflight;
use super::sessions::{SessionError, Sessions, Which};
use super::stage::{CaseStage, Stage, StageError};
use crate::backend::SessionProxy;
use crate::browser::{ProxyAt, Session};
use crate::contract::BrowserFeature;
use crate::evidence::Ahead;
use crate::plan::Case;
use crate::sdk::Installation;

/// A session with its proxy.
#[derive(Debug)]
pub struct Proxied {
    /// The session.
    pub session: Session,
    /// Which browser it is.
    pub browser: Which,
    proxy: SessionProxy,
    ahead: Ahead,
    /// Whether it has been on a case.
    used: AtomicBool,
}

impl Proxied {
    /// Opens a session for a case with these needs. Where its driver is not ours, its browser has
    /// shown that it reaches the harness.
    ///
    /// # Errors
    /// If no session can be had, or its browser reaches nothing.
    pub async fn open(
        stage: &Stage,
        sessions: &Sessions,
        needs: &BTreeSet<BrowserFeature>,
    ) -> Result<Self, SessionError> {
        let proxy = stage.session_proxy().await?;
        let at = ProxyAt {
            address: proxy.address,
            reach: stage.reach(),
        };
        let (session, browser) = sessions.open_for(needs, at).await?;
        let ahead = if sessions.are_ours() {
            Ahead::default()
        } else {
            let trial = stage.open_trial(&proxy);
            let tried = preflight(stage, &session, &trial).await;
            stage.close_trial(&trial);
            match tried {
                Ok(ahead) => ahead,
                Err(why) => {
                    let unreachable = sessions.unreachable(&session, at, why).await;
                    session.close().await;
                    return Err(unreachable.into());
                }
            }
        };
        Ok(Self {
            session,
            browser,
            proxy,
            ahead,
            used: AtomicBool::new(false),
        })
    }

    /// Whether it has been on a case.
    pub fn is_used(&self) -> bool {
        self.used.load(Ordering::Relaxed)
    }

    /// Opens fresh hosts for one attempt at `case`, which the session is on from now on.
    ///
    /// # Errors
    /// As [`Stage::open`].
    pub async fn begin(
        &self,
        stage: &Stage,
        case: &Case,
        installation: &Installation,
    ) -> Result<CaseStage, StageError> {
        let own = stage.open_in(case, installation, self.ahead).await?;
        own.lead(&self.proxy);
        self.used.store(true, Ordering::Relaxed);
        Ok(own)
    }
}
