use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::sse::{KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get, post};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::ServeSession;
use super::updates::updates;
use crate::input::Files;
use crate::scenario::{BackendState, ScriptState};

/// Texts from the SDK stand on the ledger page: nothing but the page's own files may run there, and
/// no shop may put it into a frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
    img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// One port: the shop under its hosts, the ledger page and its controls under `localhost`.
#[derive(Debug)]
pub struct Door {
    /// Where it listens.
    pub address: SocketAddr,
    server: JoinHandle<()>,
}

#[derive(Debug, Clone)]
struct Behind {
    session: Arc<ServeSession>,
    port: u16,
}

impl Door {
    /// Opens it at an address; with port 0 at a free one.
    ///
    /// # Errors
    /// If the port cannot be had.
    pub async fn open(session: Arc<ServeSession>, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let behind = Behind {
            session,
            port: address.port(),
        };
        let router = Router::new()
            .route("/", page("ledger/index.html", "text/html; charset=utf-8"))
            .route(
                "/ledger.css",
                page("ledger/ledger.css", "text/css; charset=utf-8"),
            )
            .route(
                "/ledger.js",
                page("ledger/ledger.js", "text/javascript; charset=utf-8"),
            )
            .route("/updates", get(listen))
            .route("/script/{state}", post(set_script))
            .route("/backend/{state}", post(set_backend))
            .route("/clear", post(clear))
            .layer(from_fn_with_state(behind.clone(), by_host))
            .with_state(behind);
        let server = tokio::spawn(async move {
            // The only error is a failing accept, which axum retries by itself.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { address, server })
    }

    /// The address of the ledger page.
    pub fn ledger(&self) -> String {
        format!("http://localhost:{}/", self.address.port())
    }
}

impl Drop for Door {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Sends each request to whose host it names. No other host's page may use a control, neither by
/// its name for this machine nor by a form.
async fn by_host(State(behind): State<Behind>, request: Request, next: Next) -> Response {
    let host = text(request.headers(), &header::HOST);
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    if name.ends_with(".shop.localhost") {
        return behind.session.serve(request).await;
    }
    if !matches!(name, "localhost" | "127.0.0.1") {
        let ledger = format!("http://localhost:{}/", behind.port);
        let message = format!("nothing is served under this host; the ledger is at {ledger}");
        return (StatusCode::NOT_FOUND, message).into_response();
    }
    let origin = text(request.headers(), &header::ORIGIN);
    let is_foreign = !origin.is_empty() && origin != format!("http://{host}");
    if request.method() == Method::POST && is_foreign {
        return (StatusCode::FORBIDDEN, "only the ledger page may do that").into_response();
    }
    next.run(request).await
}

fn text<'h>(headers: &'h HeaderMap, name: &HeaderName) -> &'h str {
    let value = headers.get(name).and_then(|value| value.to_str().ok());
    value.unwrap_or_default()
}

/// One file of the ledger page.
fn page(path: &'static str, kind: &'static str) -> MethodRouter<Behind> {
    get(move || async move { file(path, kind) })
}

fn file(path: &str, kind: &'static str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
    ];
    match Files::page(path) {
        Some(bytes) => (headers, bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn listen(State(Behind { session, port }): State<Behind>) -> impl IntoResponse {
    Sse::new(updates(session, port)).keep_alive(KeepAlive::default())
}

async fn set_script(State(behind): State<Behind>, Path(state): Path<ScriptState>) -> StatusCode {
    behind.session.set_script(state);
    StatusCode::NO_CONTENT
}

async fn set_backend(State(behind): State<Behind>, Path(state): Path<BackendState>) -> Response {
    match behind.session.set_backend(state).await {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => {
            let message = format!("the backend's port cannot be kept: {error}");
            (StatusCode::INTERNAL_SERVER_ERROR, message).into_response()
        }
    }
}

async fn clear(State(behind): State<Behind>) -> StatusCode {
    behind.session.clear();
    StatusCode::NO_CONTENT
}
