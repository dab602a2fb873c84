//! Reference data: lists of names and networks, and where ZIP codes are.
//!
//! A *list* has a name that policies use. Some are compiled in; others, and newer editions of those,
//! are files of the audited repository named in its configuration. Nothing is fetched.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::net::IpAddr;
use std::sync::OnceLock;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use crate::records::Position;
use crate::text::Day;

/// What a list can say about a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listed {
    Known(bool),
    /// No such list: nothing can be said.
    NotConfigured,
}

/// Where a list comes from, for the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provenance {
    pub name: String,
    /// `built-in`, or the path in the repository.
    pub origin: String,
    /// Date of the edition, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated_on: Option<Day>,
    pub entries: usize,
    /// Whether it stands in place of a list that is compiled in, and says something else.
    #[serde(skip)]
    pub replaces_built_in: bool,
}

/// The lists of one audit.
#[derive(Debug, Default)]
pub struct ReferenceLists {
    lists: BTreeMap<String, List>,
}

#[derive(Debug, PartialEq)]
struct List {
    /// Found in a longer name too.
    names: HashSet<String>,
    /// Everyday words: the whole name, but for a version and the like.
    whole_names: HashSet<String>,
    /// Bytes of the longest name.
    longest: usize,
    /// By prefix length, then network address: the longest list is looked up in a few steps.
    networks: HashMap<(u8, IpAddr), ()>,
    lengths: Vec<u8>,
    provenance: Provenance,
}

const BUILT_IN_ORIGIN: &str = "built-in";

/// The lists compiled in: name and text.
const BUILT_IN: &[(&str, &str)] = &[
    ("remote-desktop-software", include_str!("../reference/remote-desktop-software.txt")),
    ("remote-desktop-clients", include_str!("../reference/remote-desktop-clients.txt")),
    ("remote-management-agents", include_str!("../reference/remote-management-agents.txt")),
    ("remote-control-hardware", include_str!("../reference/remote-control-hardware.txt")),
    ("input-simulators", include_str!("../reference/input-simulators.txt")),
    ("camera-simulators", include_str!("../reference/camera-simulators.txt")),
    ("payment-app-sponsor-banks", include_str!("../reference/payment-app-sponsor-banks.txt")),
];

impl ReferenceLists {
    /// The lists compiled in.
    pub fn built_in() -> Self {
        let mut references = ReferenceLists::default();
        for (name, text) in BUILT_IN {
            let dated_on = text
                .lines()
                .find_map(|line| line.strip_prefix("# dated:"))
                .and_then(|date| date.trim().parse().ok());
            references.add(name, BUILT_IN_ORIGIN, dated_on, text);
        }
        references
    }

    /// Adds a list of one entry a line, `#` starting a comment, `=` a name that is not looked for in longer ones. Replaces a list of the same name. `false` when it has
    /// no entry: such a list says nothing of anything, and there is none of that name afterwards.
    pub fn add(&mut self, name: &str, origin: &str, dated_on: Option<Day>, text: &str) -> bool {
        let mut names = HashSet::new();
        let mut whole_names = HashSet::new();
        let mut networks = HashMap::new();
        let mut entries = 0;
        for line in text.lines() {
            let entry = line.split('#').next().unwrap_or_default().trim();
            if entry.is_empty() {
                continue;
            }
            entries += 1;
            let network = entry.parse::<IpNet>().or_else(|_| entry.parse::<IpAddr>().map(IpNet::from));
            match network {
                Ok(net) => {
                    networks.insert((net.prefix_len(), net.network()), ());
                }
                Err(_) => {
                    match entry.strip_prefix('=') {
                        Some(name) => whole_names.insert(words(name).concat()),
                        None => names.insert(words(entry).concat()),
                    };
                }
            }
        }
        if entries == 0 {
            self.lists.remove(name);
            return false;
        }
        let longest = names.iter().chain(&whole_names).map(String::len).max().unwrap_or_default();
        let mut lengths: Vec<u8> = networks.keys().map(|(length, _)| *length).collect();
        lengths.sort_unstable();
        lengths.dedup();
        let other = |list: &List| {
            (&list.names, &list.whole_names, &list.networks) != (&names, &whole_names, &networks)
        };
        let built_in = self.lists.get(name).filter(|list| list.provenance.origin == BUILT_IN_ORIGIN);
        let replaces_built_in = built_in.is_some_and(other);
        let origin = origin.to_owned();
        let provenance = Provenance { name: name.to_owned(), origin, dated_on, entries, replaces_built_in };
        self.lists
            .insert(name.to_owned(), List { names, whole_names, longest, networks, lengths, provenance });
        true
    }

    /// Whether a name is on a list, or holds one that is: `AnyDesk MSI 9.0` is `AnyDesk`.
    pub fn names(&self, list: &str, name: &str) -> Listed {
        self.lists.get(list).map_or(Listed::NotConfigured, |list| Listed::Known(list.holds(name)))
    }

    /// Whether an address is in a network of a list.
    pub fn networks(&self, list: &str, ip: IpAddr) -> Listed {
        let Some(list) = self.lists.get(list) else {
            return Listed::NotConfigured;
        };
        let ip = ip.to_canonical();
        let hit = list.lengths.iter().any(|&length| {
            IpNet::new(ip, length).is_ok_and(|net| list.networks.contains_key(&(length, net.network())))
        });
        Listed::Known(hit)
    }

    /// Lists that another audit has otherwise, or that only one of the two has.
    pub fn differing<'a>(&'a self, other: &'a ReferenceLists) -> impl Iterator<Item = &'a str> {
        let mine = self.lists.iter().filter(|(name, list)| other.lists.get(*name) != Some(*list));
        let theirs = other.lists.keys().filter(|name| !self.lists.contains_key(*name));
        mine.map(|(name, _)| name.as_str()).chain(theirs.map(String::as_str))
    }

    pub fn provenance(&self) -> impl Iterator<Item = &Provenance> {
        self.lists.values().map(|list| &list.provenance)
    }
}

impl List {
    fn holds(&self, name: &str) -> bool {
        let words = words(name);
        (0..words.len()).any(|start| {
            let mut run = String::new();
            words[start..].iter().enumerate().any(|(at, word)| {
                if run.len() > self.longest {
                    return false;
                }
                run.push_str(word);
                let rest = words.get(start + at + 1..).unwrap_or_default();
                self.names.contains(&run)
                    || (start == 0
                        && self.whole_names.contains(&run)
                        && rest.iter().all(|word| is_incidental(word)))
            })
        })
    }
}

/// The words of a name in lower case, parted at signs, at digits and at capitals within: `AnyDesk`, `any-desk` and
/// `Any Desk` are the same two.
fn words(name: &str) -> Vec<String> {
    // Wide and other forms of the same letters are those letters.
    let chars: Vec<char> = if name.is_ascii() { name.chars().collect() } else { name.nfkc().collect() };
    let mut words: Vec<String> = Vec::new();
    for (at, &c) in chars.iter().enumerate() {
        if !c.is_alphanumeric() {
            continue;
        }
        let follows = at.checked_sub(1).and_then(|before| chars.get(before)).is_some_and(|&before| {
            let capital = c.is_uppercase()
                && (before.is_lowercase() || chars.get(at + 1).is_some_and(|after| after.is_lowercase()));
            before.is_alphanumeric() && before.is_numeric() == c.is_numeric() && !capital
        });
        match words.last_mut() {
            Some(word) if follows => word.extend(c.to_lowercase()),
            _ => words.push(c.to_lowercase().collect()),
        }
    }
    words
}

/// A part of a program's name that says nothing of which program it is: a version, a platform, the ending of a file.
fn is_incidental(word: &str) -> bool {
    const PARTS: &[&str] = &[
        "v", "x", "version", "bit", "exe", "app", "msi", "amd", "arm", "win", "windows", "mac", "macos",
        "linux",
    ];
    word.starts_with(|c: char| c.is_numeric()) || PARTS.contains(&word)
}

/// The centroid of a US ZIP code (Census ZCTA); none for codes without an area, such as P.O. boxes.
pub fn postal_position(code: &str) -> Option<Position> {
    static TABLE: OnceLock<HashMap<u32, (i16, i16)>> = OnceLock::new();
    let table = TABLE.get_or_init(|| {
        let lines = include_str!("../reference/us-zip-centroids.txt").lines();
        lines
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| {
                let mut parts = line.split(' ').map(|part| part.parse::<i32>().ok());
                let (zip, latitude, longitude) = (parts.next()??, parts.next()??, parts.next()??);
                Some((zip as u32, (i16::try_from(latitude).ok()?, i16::try_from(longitude).ok()?)))
            })
            .collect()
    });
    let digits = code.get(..5)?;
    if !digits.bytes().all(|b| b.is_ascii_digit()) || !matches!(code.len(), 5 | 9 | 10) {
        return None;
    }
    let (latitude, longitude) = table.get(&digits.parse().ok()?)?;
    let degrees = |hundredths: i16| f64::from(hundredths) / 100.0;
    Some(Position { latitude: degrees(*latitude), longitude: degrees(*longitude) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_whatever_their_spelling() {
        let references = ReferenceLists::built_in();
        assert_eq!(references.names("remote-desktop-software", "Any Desk"), Listed::Known(true));
        assert_eq!(references.names("remote-desktop-software", "Firefox"), Listed::Known(false));
        assert_eq!(references.names("no-such-list", "Firefox"), Listed::NotConfigured);
    }

    #[test]
    fn products_are_found_by_version_and_maker() {
        const LISTS: &[&str] = &[
            "remote-desktop-software",
            "remote-desktop-clients",
            "remote-management-agents",
            "input-simulators",
        ];
        let references = ReferenceLists::built_in();
        let found = |name: &str| LISTS.iter().any(|list| references.names(list, name) == Listed::Known(true));
        for name in [
            "AnyDesk MSI 9.0.4",
            "TeamViewer15",
            "TeamViewer_Service.exe",
            "Philandro AnyDesk",
            "Remmina",
            "xfreerdp3",
            "mstsc.exe",
            "RDCMan 2.93",
            "Windows App 2.0",
            "Microsoft Windows App 11.1",
            "Moonlight v6.1.0",
            "Input Leap 3.0",
            "AteraAgent",
            "Kaseya Agent",
            "MobaXterm 25.1",
            "ngrok",
            "Mouse Jiggler",
            "Netop Remote Control",
            "VNC Viewer",
            "RealVNC Viewer 7",
            "Royal TS V7",
            "Citrix Workspace 2409",
            "VMware Horizon Client",
            "AirDroid Personal",
            "Screens 5",
            "Caffeine",
            "NinjaRMM Agent",
            "Datto RMM",
            "Action1 Agent",
            "Level",
            "TightVNCServer",
            "Remote Desktop Connection",
            "Tailscale",
            "ZeroTier One",
            "OpenSSH Server",
            "dwagsvc.exe",
            "AutoHotkey v2.0",
            "MouseJiggle",
            "3proxy 0.9",
            "ＡｎｙＤｅｓｋ",
        ] {
            assert!(found(name), "{name} is not found");
        }
        for name in [
            "Zoom Workplace",
            "Slack",
            "PuTTY",
            "Microsoft Teams",
            "Windows App SDK",
            "Windows App Runtime 1.5",
            "Screenshot",
            "Radmin VPN",
            "Firefox",
            "Git for Windows",
            "Docker Desktop",
            "LevelDB Tools",
            "GitHub Desktop",
            "Visual Studio Code",
            "Insomnia",
            "Parsec benchmark suite",
            "Sunshine Calendar",
            "Xcode",
            "Slide Desk",
        ] {
            assert!(!found(name), "{name} is found");
        }
    }

    #[test]
    fn networks_hold_both_families() {
        let mut references = ReferenceLists::default();
        references.add("vpn", "f", None, "198.51.100.0/24 # example\n2001:db8::/32\n203.0.113.7\n");
        let hit = |ip: &str| references.networks("vpn", ip.parse().expect("an address"));
        assert_eq!(hit("198.51.100.77"), Listed::Known(true));
        assert_eq!(hit("203.0.113.7"), Listed::Known(true));
        assert_eq!(hit("203.0.113.8"), Listed::Known(false));
        assert_eq!(hit("2001:db8:1::1"), Listed::Known(true));
        assert_eq!(hit("::ffff:198.51.100.1"), Listed::Known(true));
    }

    #[test]
    fn zip_codes_have_places() {
        let austin = postal_position("78701").expect("in the table");
        assert!((austin.latitude - 30.27).abs() < 0.05 && (austin.longitude + 97.74).abs() < 0.05);
        assert_eq!(postal_position("78701-1234"), postal_position("78701"));
        assert_eq!(postal_position("00000"), None);
        assert_eq!(postal_position("K1A 0B1"), None);
    }
}
