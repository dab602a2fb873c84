//! The folders that are audited: made of templates, the same bytes every time.

use std::fs;
use std::path::{Path, PathBuf};

use super::Result;
use super::template::{Filling, Random, Template};

/// A folder of records.
pub(crate) struct Folder {
    pub path: PathBuf,
    /// Where the records stand below it.
    pub records: PathBuf,
    pub bytes: u64,
    pub documents: u64,
    /// Rule and record of every violation that was planted; only for the eight rules.
    pub planted: Vec<(&'static str, String)>,
    /// Documents in one file.
    chunk: u64,
}

impl Folder {
    fn new(path: PathBuf, chunk: u64) -> Result<Self> {
        let records = path.join("records");
        fs::create_dir_all(&records)?;
        Ok(Folder { path, records, bytes: 0, documents: 0, planted: Vec::new(), chunk })
    }

    fn write(&mut self, name: &str, text: &str) -> Result<()> {
        self.bytes += text.len() as u64;
        self.documents += text.split("\n---\n").count() as u64;
        Ok(fs::write(self.records.join(name), text)?)
    }

    /// `count` fillings of a template, a chunk a file.
    fn many(
        &mut self,
        name: &str,
        template: &'static str,
        count: u64,
        mut fill: impl FnMut(&mut Random, u64) -> Vec<&'static str>,
    ) -> Result<()> {
        let template = Template::new(template);
        let mut random = Random(seed(name));
        let vendors = vendors(count);
        for chunk in 0..count.div_ceil(self.chunk) {
            let mut text = String::new();
            for number in chunk * self.chunk..count.min((chunk + 1) * self.chunk) {
                let broken = fill(&mut random, number);
                template.write(&mut text, &mut random, &Filling { number, vendors, broken: &broken });
            }
            self.write(&format!("{name}-{:06}.yaml", chunk + 1), &text)?;
        }
        Ok(())
    }
}

fn seed(name: &str) -> u64 {
    name.bytes().fold(1, |seed, byte| seed * 31 + u64::from(byte))
}

fn vendors(workers: u64) -> u64 {
    workers.div_ceil(20)
}

/// Vendors, workers and devices in a shape that is not duly's own, judged by `benches/rules`.
pub(crate) fn eight_rules(root: &Path, workers: u64, chunk: u64) -> Result<Folder> {
    let mut folder = Folder::new(root.join(format!("eight-rules-{workers}")), chunk)?;
    let mut planted = Vec::new();
    let mut break_some = |random: &mut Random, rules: &[&'static str], id: String| {
        let mut broken = Vec::new();
        if random.below(100) < 5 {
            broken.push(random.one_of(rules));
            if random.below(5) == 0 {
                broken.push(random.one_of(rules));
                broken.dedup();
            }
        }
        planted.extend(broken.iter().map(|rule| (*rule, id.clone())));
        broken
    };
    folder.many("vendors", include_str!("eight-rules/vendor.yaml"), vendors(workers), |_, _| Vec::new())?;
    folder.many("workers", include_str!("eight-rules/worker.yaml"), workers, |random, number| {
        break_some(random, &["R5", "R6"], format!("w{number:06}"))
    })?;
    folder.many("devices", include_str!("eight-rules/device.yaml"), workers, |random, number| {
        break_some(random, &["R1", "R2", "R3", "R4", "R7", "R8"], format!("d{number:06}"))
    })?;
    planted.sort();
    folder.planted = planted;
    let streets = (100..200).flat_map(|number| ["Oak", "Mill"].map(|street| (number, street)));
    let lines: String =
        streets.map(|(number, street)| format!("{number} {street} Street, Omaha, NE 68102, US\n")).collect();
    fs::write(folder.path.join("designated-locations.txt"), lines)?;
    fs::write(
        folder.path.join("duly.yaml"),
        "sources: [{ name: records, files: [\"records/*.yaml\"] }]\n\
         reference: [{ list: designated-locations, file: designated-locations.txt }]\n",
    )?;
    Ok(folder)
}

/// duly's own kinds, judged by the default pack: ten records a worker, and a few shared ones.
pub(crate) fn native(root: &Path, workers: u64, chunk: u64) -> Result<Folder> {
    let mut folder = Folder::new(root.join(format!("native-{workers}")), chunk)?;
    folder.write("shared.yaml", include_str!("native/shared.yaml"))?;
    let whole = |_: &mut Random, _| Vec::new();
    folder.many("vendors", include_str!("native/vendor.yaml"), vendors(workers), whole)?;
    for (name, template) in [
        ("workers", include_str!("native/worker.yaml")),
        ("devices", include_str!("native/device.yaml")),
        ("shipments", include_str!("native/shipment.yaml")),
        ("locations", include_str!("native/location.yaml")),
        ("observed", include_str!("native/observed.yaml")),
        ("grants", include_str!("native/grant.yaml")),
        ("interactions", include_str!("native/interaction.yaml")),
    ] {
        folder.many(name, template, workers, whole)?;
    }
    Ok(folder)
}
