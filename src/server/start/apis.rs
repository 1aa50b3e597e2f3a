//! From the settings of an API to the state that its requests share.

use std::{io, sync::Arc};

use url::Url;

use super::{StartError, stores::Stores};
use crate::{
    paths::Mount,
    server::{
        config::Settings,
        demo::DemoApi,
        document::Documents,
        drafts::Drafts,
        history::History,
        logout::Brake,
        session::{Sessions, Whereabouts, cookie::SessionCookie, renewal::Renewals},
        sign_in::{PasswordSignIn, Providers, SignIn, SignInLimits},
        state::{Apis, AppState, Parts, Site},
        upstream::Client,
    },
};

/// All APIs of the settings: the first one at the root, the others at mounts of their own.
pub(super) fn apis(settings: &Settings, site: Site, demo: Option<&DemoApi>) -> Result<Apis, StartError> {
    let (site, stores) = (Arc::new(site), Stores::open(&settings.session)?);
    let (default, others) = settings.by_api();
    let others = others.into_iter().map(|settings| {
        let mount = Mount::of(settings.upstream.name.as_deref().unwrap_or_default());
        api(settings, mount, site.clone(), &stores, demo)
    });
    let others = others.collect::<Result<_, _>>()?;
    Ok(Apis { default: api(default, Mount::default(), site.clone(), &stores, demo)?, others })
}

fn api(
    settings: Settings,
    mount: Mount,
    site: Arc<Site>,
    stores: &Stores,
    demo: Option<&DemoApi>,
) -> Result<AppState, StartError> {
    let demo = demo.filter(|_| settings.upstream.base_url.is_none());
    let client = Client::new(base(&settings, demo)?, settings.upstream.clone())?;
    let stores = stores.of_api(settings.upstream.name.as_deref());
    let password = PasswordSignIn::new(
        client.clone(),
        settings.sign_in.password.clone(),
        settings.upstream.session_end.clone(),
    );
    let limits = SignInLimits::new(
        stores.items.clone(),
        settings.sign_in.attempts_per_account,
        settings.sign_in.attempts_per_network,
    );
    let oidc = Providers::new(&settings.sign_in.oidc, &site.origin, &mount)?;
    Ok(AppState::new(Parts {
        sessions: sessions(&settings, &mount, &site, &stores)?,
        whereabouts: Whereabouts::new(&stores.items, &stores.key, settings.session.absolute_timeout)?,
        brake: Brake::new(settings.upstream.name.as_deref().unwrap_or_default(), settings.logout.brake),
        document: Documents::new(&settings.upstream, client.base()),
        demo: demo.is_some(),
        history: History::new(settings.history, &stores.items, &stores.key)?,
        drafts: Drafts::new(&stores.items, &stores.key)?,
        renewals: Renewals::default(),
        endings: stores.endings,
        items: stores.items,
        settings,
        mount,
        site,
        client,
        sign_in: SignIn { password, limits, oidc },
    }))
}

/// Every call goes below it.
fn base(settings: &Settings, demo: Option<&DemoApi>) -> Result<Url, StartError> {
    let demo = demo.and_then(|demo| Url::parse(&demo.base_url()).ok());
    let url = settings.upstream.base_url.clone().or(demo);
    url.ok_or_else(|| StartError::Demo(io::ErrorKind::AddrNotAvailable.into()))
}

fn sessions(
    settings: &Settings,
    mount: &Mount,
    site: &Site,
    stores: &Stores,
) -> Result<Sessions, StartError> {
    let session = &settings.session;
    let cookie = SessionCookie::new(!site.origin.is_local(), session.absolute_timeout);
    let cookie = match mount.name() {
        Some(name) => cookie.of_api(name)?,
        None => cookie,
    };
    let Stores { sessions, items, key, .. } = stores.clone();
    Ok(Sessions::new(sessions, items, key, cookie, session.idle_timeout, session.absolute_timeout)?)
}
