//! The names of the harness's own servers: each begins with the label of a case.

use url::Url;

use super::head::Head;

/// The hosts of the shops' pages end so.
const SHOPS: [&str; 2] = [".shop.localhost", ".shop.co.uk"];

/// So do those of a page that frames a shop, and of the API.
const OTHERS: [&str; 2] = [".portal.localhost", ".api.localhost"];

/// Whether `host` is that of a shop's page.
pub fn is_shop(host: &str) -> bool {
    SHOPS.iter().any(|shop| host.ends_with(shop))
}

/// The label of the case in a name of one of our own servers.
pub fn own_label(host: &str) -> Option<&str> {
    let mut all = SHOPS.iter().chain(&OTHERS);
    all.find_map(|own| host.strip_suffix(own))
}

/// The case of the page that asks, by its origin.
pub fn label_in(head: &Head) -> Option<String> {
    let of_shop = |page: &String| {
        let url = Url::parse(page).ok()?;
        let host = url.host_str()?;
        let mut labels = SHOPS.iter().filter_map(|shop| host.strip_suffix(shop));
        labels.next().map(str::to_owned)
    };
    let mut pages = head.origin.iter().chain(&head.referer);
    pages.find_map(of_shop)
}
