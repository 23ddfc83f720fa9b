//! peer PORT [DATABASE]: hyper on one thread, answering GET /plaintext and GET /comments/{id}.

use std::convert::Infallible;
use std::rc::Rc;

use hyper::header::CONTENT_TYPE;
use hyper::server::conn::Http;
use hyper::service::service_fn;
use hyper::{Body, Request, Response, StatusCode};
use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

#[derive(Serialize)]
struct Comment {
    id: i64,
    talk_id: i64,
    user_ip: String,
    comment_text: String,
    created_at: String,
    updated_at: String,
}

const SELECT: &str = "SELECT id, talk_id, user_ip, comment_text, created_at, updated_at FROM comments WHERE id = ?";

fn comment(database: &Connection, id: i64) -> rusqlite::Result<Option<Comment>> {
    let mut statement = database.prepare_cached(SELECT)?;
    statement
        .query_row([id], |row| {
            Ok(Comment {
                id: row.get(0)?,
                talk_id: row.get(1)?,
                user_ip: row.get(2)?,
                comment_text: row.get(3)?,
                created_at: row.get(4)?,
                updated_at: row.get(5)?,
            })
        })
        .optional()
}

fn text(status: StatusCode, text: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, "text/plain; charset=utf-8".parse().unwrap());
    response
}

fn answer(request: &Request<Body>, database: Option<&Connection>) -> Response<Body> {
    let path = request.uri().path();
    if path == "/plaintext" {
        return text(StatusCode::OK, "Hello, World!");
    }
    let id = path.strip_prefix("/comments/").and_then(|id| id.parse().ok());
    let (Some(id), Some(database)) = (id, database) else {
        return text(StatusCode::NOT_FOUND, "Not Found");
    };
    match comment(database, id) {
        Ok(Some(comment)) => {
            let mut response = Response::new(Body::from(serde_json::to_vec(&comment).unwrap()));
            response.headers_mut().insert(CONTENT_TYPE, "application/json".parse().unwrap());
            response
        }
        Ok(None) => text(StatusCode::NOT_FOUND, "Not Found"),
        Err(error) => {
            eprintln!("{error}");
            text(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error")
        }
    }
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let port: u16 = arguments.next().and_then(|port| port.parse().ok()).expect("peer PORT [DATABASE]");
    let database = Rc::new(arguments.next().map(|path| Connection::open(path).expect("no database")));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, async move {
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await.expect("the port is taken");
        loop {
            let Ok((stream, _)) = listener.accept().await else { continue };
            let _ = stream.set_nodelay(true);
            let database = database.clone();
            tokio::task::spawn_local(async move {
                let service = service_fn(move |request| {
                    let response = answer(&request, (*database).as_ref());
                    async move { Ok::<_, Infallible>(response) }
                });
                let _ = Http::new().http1_only(true).pipeline_flush(true).serve_connection(stream, service).await;
            });
        }
    });
}
