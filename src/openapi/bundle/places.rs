//! What can be referred to by a name.

use std::collections::BTreeMap;

use super::super::tree::Node;
use super::way::{Resource, split, walk};

/// What has a name of its own in one part: JSON Pointers, as in a fragment. The first of each name counts.
#[derive(Default)]
pub struct Places {
    /// By `$anchor`, `$dynamicAnchor`, and before 2019-09 an `$id` that is nothing else; in whichever schema.
    anchors: BTreeMap<String, String>,
    /// By `$id`, resolved, and the whole by its `$self` (3.2).
    ids: BTreeMap<String, String>,
}

impl Places {
    pub fn of(root: &Node) -> Self {
        let mut places = Self::default();
        walk(root, &mut |object, way| {
            let text = |keyword: &str| object.get(keyword).and_then(Node::as_str);
            let (_, old_anchor) = text("$id").map(split).unwrap_or_default();
            let anchor = text("$anchor").or_else(|| text("$dynamicAnchor")).unwrap_or(old_anchor);
            if !anchor.is_empty() {
                places.anchors.entry(anchor.to_owned()).or_insert_with(|| way.place());
            }
            if let Some((resource, id)) =
                way.begun_here().and_then(|resource| Some((resource, resource.id()?)))
            {
                places.ids.entry(id.to_owned()).or_insert_with(|| resource.place.clone());
            }
        });
        places
    }

    pub fn anchor(&self, name: &str) -> Option<&str> {
        self.anchors.get(name).map(String::as_str)
    }

    /// What `reference` means in a schema: what has this name relative to the schema's own, or else to nothing, as many
    /// write it.
    pub fn with_id(&self, reference: &str, within: &Resource) -> Option<&str> {
        if self.ids.is_empty() {
            return None;
        }
        let known = |name: String| self.ids.get(&name);
        known(within.resolve(reference))
            .or_else(|| known(Resource::nowhere().resolve(reference)))
            .map(String::as_str)
    }
}
