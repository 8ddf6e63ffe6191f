//! Who is asked: a small number for each endpoint that requests are sent to, and how far its responses have come.

use hashbrown::HashMap;

use crate::dissect::Endpoint;

/// The most services told apart.
pub const MAX_SERVICES: usize = 1_024;

/// A service, in the order in which they were first asked, from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ServiceId(pub u16);

/// The services of a capture.
#[derive(Default)]
pub(super) struct Services {
    ids: HashMap<Endpoint, ServiceId>,
    list: Vec<Service>,
    /// Most captures have one service.
    last: Option<(Endpoint, ServiceId)>,
}

struct Service {
    endpoint: Endpoint,
    /// The latest request that has its response, by its place in the capture.
    furthest: Option<u64>,
}

impl Services {
    /// The number of this endpoint; none where there are too many.
    pub fn id(&mut self, endpoint: Endpoint) -> Option<ServiceId> {
        if let Some((last, id)) = self.last
            && last == endpoint
        {
            return Some(id);
        }
        let id = match self.ids.get(&endpoint) {
            Some(id) => *id,
            None if self.list.len() < MAX_SERVICES => {
                let id = ServiceId(u16::try_from(self.list.len()).ok()?);
                self.list.push(Service { endpoint, furthest: None });
                self.ids.insert(endpoint, id);
                id
            }
            None => return None,
        };
        self.last = Some((endpoint, id));
        Some(id)
    }

    /// Whether requests go to this endpoint, too, and not only to another.
    pub fn is_asked(&self, endpoint: Endpoint) -> bool {
        self.list.len() > 1 && self.ids.contains_key(&endpoint)
    }

    /// Where a service is.
    pub fn endpoint(&self, id: ServiceId) -> Option<Endpoint> {
        Some(self.list.get(usize::from(id.0))?.endpoint)
    }

    /// Takes note that a request has its response; says whether a later one had its own before (RFC 4737, section 3).
    pub fn answered(&mut self, id: Option<ServiceId>, request: u64) -> bool {
        let Some(service) = id.and_then(|id| self.list.get_mut(usize::from(id.0))) else { return false };
        let reordered = service.furthest > Some(request);
        if !reordered {
            service.furthest = Some(request);
        }
        reordered
    }

    /// Takes note that responses were credited to the wrong requests, and that this is as far as they have come.
    pub fn reset(&mut self, id: Option<ServiceId>, request: u64) {
        if let Some(service) = id.and_then(|id| self.list.get_mut(usize::from(id.0))) {
            service.furthest = Some(request);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(port: u16) -> Endpoint {
        Endpoint { addr: [127, 0, 0, 1].into(), port }
    }

    #[test]
    fn a_response_is_out_of_order_after_one_to_a_later_request() {
        let mut services = Services::default();
        let id = services.id(endpoint(8080));
        let out_of_order = [1, 4, 2, 3, 5].map(|request| services.answered(id, request));
        assert_eq!(out_of_order, [false, false, true, true, false]);
        assert!(!services.answered(None, 0));
    }

    #[test]
    fn services_are_numbered_as_they_come_and_no_more_than_the_cap() {
        let mut services = Services::default();
        for (n, port) in (0..).zip(1_u16..=1_024) {
            assert_eq!(services.id(endpoint(port)), Some(ServiceId(n)));
        }
        assert_eq!(services.id(endpoint(1_025)), None);
        assert_eq!(services.id(endpoint(7)), Some(ServiceId(6)));
        assert_eq!(services.endpoint(ServiceId(6)), Some(endpoint(7)));
    }
}
