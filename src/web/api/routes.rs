//! The map of the API.

use warp::filters::BoxedFilter;
use warp::http::Method;
use warp::{Filter, path};

use super::{comments, drafts, fixed, lists, posts};
use crate::comment::CommentId;
use crate::post::{DraftId, PostId};
use crate::web::error::Error;
use crate::web::request::Request;
use crate::web::resource::{any_of, resource};
use crate::web::response;
use crate::web::routes::Routes;

fn post_routes(req: BoxedFilter<(Request,)>) -> Routes {
    any_of![
        path!("api" / "v1" / "posts").and(req.clone()).then(resource!(GET lists::posts, POST posts::create)),
        path!("api" / "v1" / "posts" / PostId)
            .and(req.clone())
            .then(resource!(id => GET posts::show, PATCH posts::change, DELETE posts::withdraw)),
        path!("api" / "v1" / "posts" / PostId / "comments")
            .and(req.clone())
            .then(resource!(id => GET comments::list, POST comments::create)),
        path!("api" / "v1" / "comments" / CommentId)
            .and(req)
            .then(resource!(id => GET comments::show, PATCH comments::change, DELETE comments::delete)),
    ]
}

fn draft_routes(req: BoxedFilter<(Request,)>) -> Routes {
    any_of![
        path!("api" / "v1" / "drafts").and(req.clone()).then(resource!(GET drafts::list, POST drafts::create)),
        path!("api" / "v1" / "drafts" / DraftId)
            .and(req.clone())
            .then(resource!(id => GET drafts::show, PATCH drafts::change, DELETE drafts::delete)),
        path!("api" / "v1" / "drafts" / DraftId / "publish").and(req).then(resource!(id => POST drafts::publish)),
    ]
}

/// Everything there is.
pub(in crate::web) fn routes(req: BoxedFilter<(Request,)>) -> Routes {
    any_of![
        post_routes(req.clone()),
        draft_routes(req.clone()),
        path!("api" / "v1" / "tags").and(req.clone()).then(resource!(GET lists::tags)),
        path!("api" / "v1" / "me").and(req.clone()).then(resource!(GET fixed::me)),
        path!("api" / "v1" / "openapi.json").and(req).then(resource!(GET fixed::description)),
    ]
}
