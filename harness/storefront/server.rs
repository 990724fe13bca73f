use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, PoisonError, RwLock};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::{Pages, Shop};
use crate::input::Files;
use crate::scenario::ScriptState;
use crate::sdk::{Build, Install, sha256};

/// The path and the title of a page by which a browser shows that it reaches the shop.
pub const TRIAL: &str = "alhena-conformance-trial";

/// A port that browsers refuse to connect to: a redirect there fails in the browser, at once, as
/// behind a content blocker.
const BLOCKED: &str = "http://127.0.0.1:1/";

/// One HTTP server for the storefronts of all cases. The first label of the host identifies the
/// case.
#[derive(Debug)]
pub struct Storefront {
    /// Where it listens.
    pub address: SocketAddr,
    state: Arc<Shared>,
    server: JoinHandle<()>,
}

#[derive(Debug)]
struct Shared {
    pages: Pages,
    shops: RwLock<HashMap<String, (Arc<Shop>, String)>>,
}

impl Storefront {
    /// Starts on a free port.
    ///
    /// # Errors
    /// If no port can be had.
    pub async fn start(pages: Pages) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let state = Arc::new(Shared {
            pages,
            shops: RwLock::default(),
        });
        let router = Router::new()
            .fallback(answer)
            .with_state(Arc::clone(&state));
        let server = tokio::spawn(async move {
            // The only error is a failing accept, which axum retries by itself.
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self {
            address,
            state,
            server,
        })
    }

    /// Opens `shop` under `label`; its pages speak to the API at `api`.
    pub fn open(&self, label: &str, shop: Arc<Shop>, api: String) {
        self.state
            .shops
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(label.to_owned(), (shop, api));
    }

    /// Answers a request that came to another server than its own.
    pub async fn answer(&self, request: Request) -> Response {
        answer(State(Arc::clone(&self.state)), request).await
    }

    /// Closes the shop under `label`.
    pub fn close(&self, label: &str) {
        self.state
            .shops
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(label);
    }
}

impl Drop for Storefront {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn answer(State(state): State<Arc<Shared>>, request: Request) -> Response {
    if request.uri().path().trim_start_matches('/') == TRIAL {
        let page = format!("<!doctype html><title>{TRIAL}</title>");
        return (fixed("text/html; charset=utf-8"), page).into_response();
    }
    let label = request
        .headers()
        .get(header::HOST)
        .and_then(|host| host.to_str().ok())
        .and_then(|host| host.split('.').next())
        .unwrap_or_default();
    let shop = state
        .shops
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(label)
        .cloned();
    let Some((shop, api)) = shop else {
        return (StatusCode::NOT_FOUND, "no case is open under this host").into_response();
    };
    match request.uri().path() {
        // Browsers ask by themselves; a 404 would put an error into the console.
        "/favicon.ico" => StatusCode::NO_CONTENT.into_response(),
        path if path.starts_with(&state.pages.installed().path) => {
            script(&shop, state.pages.installed(), path).await
        }
        path if state.pages.beside(path).is_some() => (
            fixed("text/javascript; charset=utf-8"),
            state.pages.beside(path).unwrap_or_default().to_owned(),
        )
            .into_response(),
        path => match file_of(path) {
            (file, "text/html; charset=utf-8") => {
                let company = company_of(request.uri().query().unwrap_or_default());
                let installation = shop.installation();
                let variant = shop.variant(&installation, company);
                match state.pages.build(&file, variant, &api) {
                    Ok(page) => {
                        let html = (fixed("text/html; charset=utf-8"), page.html);
                        let headers = page.headers.into_iter().collect::<HeaderMap>();
                        let mut response = html.into_response();
                        response.headers_mut().extend(headers);
                        response
                    }
                    Err(error) => (StatusCode::NOT_FOUND, error.to_string()).into_response(),
                }
            }
            (file, kind) => match Files::page(&file) {
                Some(bytes) => (fixed(kind), bytes).into_response(),
                None => StatusCode::NOT_FOUND.into_response(),
            },
        },
    }
}

/// The company that an address names, of the several that may share a host.
fn company_of(query: &str) -> Option<&str> {
    let mut parameters = query.split('&');
    parameters.find_map(|parameter| parameter.strip_prefix("company="))
}

/// The file of `pages/` behind a path, and its media type. Every route of the single-page shop is
/// one file.
pub fn file_of(path: &str) -> (String, &'static str) {
    const HTML: &str = "text/html; charset=utf-8";
    match path.trim_start_matches('/') {
        "" => ("index.html".into(), HTML),
        route if route.starts_with("single-page/") => ("single-page.html".into(), HTML),
        file => match file.rsplit_once('.').map(|(_, extension)| extension) {
            Some("css") => (file.into(), "text/css; charset=utf-8"),
            Some("js") => (file.into(), "text/javascript; charset=utf-8"),
            Some(_) => (file.into(), "application/octet-stream"),
            None => (format!("{file}.html"), HTML),
        },
    }
}

/// One request a connection: every case has origins of its own, whose idle connections would pile
/// up in the browser and here. `no-cache`, not `no-store`: pages must stay able to enter the
/// back/forward cache, as real ones are.
fn fixed(kind: &'static str) -> [(HeaderName, &'static str); 3] {
    [
        (header::CONTENT_TYPE, kind),
        (header::CACHE_CONTROL, "no-cache"),
        (header::CONNECTION, "close"),
    ]
}

/// Answers with a file of the build, once the gate lets it through.
async fn script(shop: &Shop, install: &Install, path: &str) -> Response {
    let file = path.strip_prefix(&install.path).unwrap_or(path);
    let open = [(header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")];
    let kind = fixed("text/javascript; charset=utf-8");
    match shop.pass_gate().await {
        ScriptState::FailsOnce => {
            shop.note_fetch(500, None);
            (StatusCode::INTERNAL_SERVER_ERROR, open, kind).into_response()
        }
        ScriptState::Blocked => {
            shop.note_fetch(302, None);
            (StatusCode::FOUND, open, kind, [(header::LOCATION, BLOCKED)]).into_response()
        }
        ScriptState::Open | ScriptState::Held => {
            let build = &shop.installation().build;
            let Some(bytes) = file_of_build(build, install, file) else {
                shop.note_fetch(404, None);
                return (StatusCode::NOT_FOUND, open, kind).into_response();
            };
            shop.note_fetch(200, Some(sha256(&bytes)));
            (open, fixed(file_of(path).1), bytes.to_vec()).into_response()
        }
    }
}

/// The script that pages load, or what lies beside it. A build by URL is asked for that over the
/// network.
fn file_of_build(build: &Build, install: &Install, file: &str) -> Option<Arc<[u8]>> {
    if install.scripts.last().is_some_and(|entry| entry == file) {
        Some(Arc::clone(&build.script))
    } else {
        tokio::task::block_in_place(|| build.beside(file))
    }
}
