//! The map of the site: for each path the methods it answers, and the view behind each.
//!
//! No view rejects, so the one rejection there is says "no such path".

use std::convert::Infallible;
use std::sync::Arc;

use warp::filters::BoxedFilter;
use warp::http::Method;
use warp::path::FullPath;
use warp::reply::Response;
use warp::{Filter, Rejection, path};

use super::error::{Error, Result};
use super::feeds::Format;
use super::links::{Name, TitledId};
use super::request::{Request, request};
use super::resource::{any_of, resource};
use super::robots::PartName;
use super::visitor::Visitor;
use super::{
    App, account, api, assets, auth, blog, comments, download, drafts, feeds, health, images, likes, lists, login,
    manifest, moderation, person, post, preferences, reset, response, robots, second_factor, security_txt, tokens,
    withdrawn,
};
use crate::comment::CommentId;
use crate::image::Address;
use crate::post::{DraftId, PostId};

/// A part of the map.
pub(super) type Routes = BoxedFilter<(Result<Response>,)>;

fn blog_routes(req: BoxedFilter<(Request,)>) -> Routes {
    any_of![
        path::end().and(req.clone()).then(resource!(GET lists::index)),
        path!(PostId).and(req.clone()).then(resource!(id => GET post::show)),
        path!(TitledId).and(req.clone()).then(resource!(id => GET post::titled)),
        path!("create").and(req.clone()).then(resource!(GET blog::new, POST blog::create)),
        path!(PostId / "update").and(req.clone()).then(resource!(id => GET blog::edit, POST blog::update)),
        path!(PostId / "delete")
            .and(req.clone())
            .then(resource!(id => GET withdrawn::delete_form, POST withdrawn::delete)),
        path!(PostId / "restore").and(req.clone()).then(resource!(id => POST withdrawn::restore)),
        path!(PostId / "like").and(req.clone()).then(resource!(id => POST likes::like)),
        path!(PostId / "unlike").and(req).then(resource!(id => POST likes::unlike)),
    ]
}

fn comment_routes(req: BoxedFilter<(Request,)>) -> Routes {
    any_of![
        path!(PostId / "comments").and(req.clone()).then(resource!(id => POST comments::create)),
        path!(PostId / "comments" / Format).and(req.clone()).then(resource!(id, format => GET comments::feed_of_post)),
        path!("comments" / Format).and(req.clone()).then(resource!(format => GET comments::feed_of_all)),
        path!("comments" / "waiting").and(req.clone()).then(resource!(GET comments::waiting)),
        path!("comments" / CommentId).and(req.clone()).then(resource!(id => GET comments::show)),
        path!("comments" / CommentId / "update")
            .and(req.clone())
            .then(resource!(id => GET comments::edit, POST comments::update)),
        path!("comments" / CommentId / "delete")
            .and(req.clone())
            .then(resource!(id => GET comments::confirm, POST comments::delete)),
        path!("comments" / CommentId / "approve").and(req.clone()).then(resource!(id => POST comments::approve)),
        path!(PostId / "unpublish")
            .and(req.clone())
            .then(resource!(id => GET moderation::unpublish_form, POST moderation::unpublish)),
        path!(PostId / "republish").and(req.clone()).then(resource!(id => POST moderation::republish)),
        path!("moderation").and(req).then(resource!(GET moderation::log)),
    ]
}

fn draft_routes(req: BoxedFilter<(Request,)>) -> Routes {
    any_of![
        path!("drafts").and(req.clone()).then(resource!(GET drafts::list)),
        path!("drafts" / DraftId).and(req.clone()).then(resource!(id => GET drafts::edit, POST drafts::update)),
        path!("drafts" / DraftId / "delete")
            .and(req)
            .then(resource!(id => GET drafts::delete_form, POST drafts::delete)),
    ]
}

fn list_routes(req: BoxedFilter<(Request,)>) -> Routes {
    any_of![
        path!("tags").and(req.clone()).then(resource!(GET lists::tags)),
        path!("tags" / Name).and(req.clone()).then(resource!(name => GET lists::tagged)),
        path!("users" / Name).and(req).then(resource!(name => GET lists::of_user)),
    ]
}

fn feed_routes(req: BoxedFilter<(Request,)>) -> Routes {
    any_of![
        path!(Format).and(req.clone()).then(resource!(format => GET feeds::of_all)),
        path!("tags" / Name / Format).and(req.clone()).then(resource!(name, format => GET feeds::tagged)),
        path!("users" / Name / Format).and(req).then(resource!(name, format => GET feeds::of_user)),
    ]
}

fn auth_routes(req: BoxedFilter<(Request,)>) -> Routes {
    any_of![
        path!("auth" / "register").and(req.clone()).then(resource!(GET auth::register_form, POST auth::register)),
        path!("auth" / "login").and(req.clone()).then(resource!(GET login::login_form, POST login::login)),
        path!("auth" / "code").and(req.clone()).then(resource!(GET login::code_form, POST login::code)),
        path!("auth" / "reset").and(req.clone()).then(resource!(GET reset::form, POST reset::reset)),
        path!("auth" / "logout").and(req).then(resource!(GET auth::logout_link, POST auth::logout)),
    ]
}

fn account_routes(req: BoxedFilter<(Request,)>) -> Routes {
    any_of![
        path!("account").and(req.clone()).then(resource!(GET account::overview)),
        path!("account" / "profile").and(req.clone()).then(resource!(POST person::set_profile)),
        path!("account" / "posts.zip").and(req.clone()).then(resource!(GET download::send)),
        path!("account" / "delete").and(req.clone()).then(resource!(GET person::delete_form, POST person::delete)),
        path!("account" / "password").and(req.clone()).then(resource!(POST account::set_password)),
        path!("account" / "sessions").and(req.clone()).then(resource!(POST account::end_sessions)),
        path!("account" / "tokens").and(req.clone()).then(resource!(GET tokens::list, POST tokens::create)),
        path!("account" / "tokens" / "revoke").and(req.clone()).then(resource!(POST tokens::revoke)),
        path!("account" / "second-factor")
            .and(req.clone())
            .then(resource!(GET second_factor::form, POST second_factor::turn_on)),
        path!("account" / "second-factor" / "off").and(req).then(resource!(POST second_factor::turn_off)),
    ]
}

fn fixed_routes(req: BoxedFilter<(Request,)>) -> Routes {
    any_of![
        path!("preferences").and(req.clone()).then(resource!(POST preferences::choose)),
        path!("hello").and(req.clone()).then(resource!(GET hello)),
        path!("images" / Address).and(req.clone()).then(resource!(address => GET images::show)),
        path("static").and(path::tail()).and(req).then(resource!(name => GET assets::file)),
    ]
}

fn robot_routes(req: BoxedFilter<(Request,)>) -> Routes {
    any_of![
        path!("robots.txt").and(req.clone()).then(resource!(GET robots::robots)),
        path!("sitemap.xml").and(req.clone()).then(resource!(GET robots::index)),
        path!(PartName).and(req.clone()).then(resource!(name => GET robots::part)),
        path!("favicon.ico").and(req.clone()).then(resource!(GET assets::favicon)),
        path!("apple-touch-icon.png").and(req.clone()).then(resource!(GET assets::touch_icon)),
        path!("site.webmanifest").and(req.clone()).then(resource!(GET manifest::show)),
        path!("healthz").and(req.clone()).then(resource!(GET health::live)),
        path!("readyz").and(req.clone()).then(resource!(GET health::ready)),
        path!(".well-known" / "security.txt").and(req).then(resource!(GET security_txt::show)),
    ]
}

pub(super) fn routes(app: &Arc<App>) -> impl Filter<Extract = (Response,), Error = Infallible> + Clone + use<> {
    let req = request(Arc::clone(app)).boxed();
    let app = Arc::clone(app);
    // In groups, each boxed: the compiler's time for one long chain doubles with each path.
    let resource = any_of![
        blog_routes(req.clone()),
        comment_routes(req.clone()),
        draft_routes(req.clone()),
        list_routes(req.clone()),
        feed_routes(req.clone()),
        auth_routes(req.clone()),
        account_routes(req.clone()),
        api::routes(req.clone()),
        robot_routes(req.clone()),
        fixed_routes(req),
    ];
    exact_path()
        .and(resource)
        .or_else(|_: Rejection| async { Ok::<_, Infallible>((Err(Error::NotFound),)) })
        .and(warp::method())
        .and(path::full())
        .and(warp::filters::ext::optional::<Visitor>())
        .map(move |result: Result<Response>, method, path: FullPath, visitor: Option<Visitor>| {
            let visitor = visitor.unwrap_or_else(|| Visitor::unknown(&app.config));
            let response = result.unwrap_or_else(|error| error.into_response(&app, &method, path.as_str(), &visitor));
            response::harden(&app, path.as_str(), response)
        })
}

/// A page has one path: warp alone would take `/create/` for `/create`.
fn exact_path() -> impl Filter<Extract = (), Error = Rejection> + Copy {
    let exact = |path: FullPath| async move {
        let exact = path.as_str() == "/" || !path.as_str().ends_with('/');
        if exact { Ok(()) } else { Err(warp::reject::not_found()) }
    };
    path::full().and_then(exact).untuple_one()
}

/// A simple page that says hello, without the database.
async fn hello(_: Request) -> Result<Response> {
    Ok(response::html("Hello, World!".to_owned()))
}
