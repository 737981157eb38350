//! How the maps of the site are written: which view answers which method of a path.
//!
//! Where these are used, `Error`, `Method`, `Request` and `response` have to be known.

/// The methods of one resource, each with its view. HEAD is GET, whose body hyper leaves out; OPTIONS lists them.
///
/// An unsafe method that another site sent is refused here, before any view sees it.
macro_rules! resource {
    ($($method:ident $view:path),+) => {
        |req: Request| async move { resource!(@answer req, (req), $($method $view),+) }
    };
    ($($argument:ident),+ => $($method:ident $view:path),+) => {
        |$($argument),+, req: Request| async move { resource!(@answer req, ($($argument),+, req), $($method $view),+) }
    };
    (@answer $req:ident, $arguments:tt, $($method:ident $view:path),+) => {{
        const ALLOWED: &str = concat!($(resource!(@allow $method)),+, "OPTIONS");
        match $req.method() {
            $(resource!(@pattern $method) => {
                $req.refuse_cross_site()?;
                resource!(@call $view, $arguments)
            })+
            &Method::OPTIONS => Ok(response::options(ALLOWED)),
            _ => Err(Error::MethodNotAllowed(ALLOWED)),
        }
    }};
    (@call $view:path, ($($argument:ident),+)) => { $view($($argument),+).await };
    (@pattern GET) => { &Method::GET | &Method::HEAD };
    (@pattern POST) => { &Method::POST };
    (@pattern PATCH) => { &Method::PATCH };
    (@pattern DELETE) => { &Method::DELETE };
    (@allow GET) => { "GET, HEAD, " };
    (@allow POST) => { "POST, " };
    (@allow PATCH) => { "PATCH, " };
    (@allow DELETE) => { "DELETE, " };
}
pub(super) use resource;

/// One filter that tries each of these in turn, boxed: a type that named them all would take the compiler minutes.
macro_rules! any_of {
    ($last:expr $(,)?) => { $last.boxed() };
    ($first:expr, $($next:expr),+ $(,)?) => { $first.boxed().or(any_of![$($next),+]).unify().boxed() };
}
pub(super) use any_of;
