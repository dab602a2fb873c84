//! The packs compiled into the binary.

/// File name and text of every file of a pack.
pub(super) type Files = &'static [(&'static str, &'static str)];

macro_rules! pack {
    ($folder:literal: $($file:literal),+ $(,)?) => {
        &[$(($file, include_str!(concat!("../../policies/", $folder, "/", $file)))),+]
    };
}

/// Whether the binary holds a pack of this name.
pub fn is_built_in(name: &str) -> bool {
    PACKS.iter().any(|(n, _)| *n == name)
}

/// Names of the packs that the binary holds.
pub fn built_in_names() -> impl Iterator<Item = &'static str> {
    PACKS.iter().map(|(name, _)| *name)
}

/// Packs by name.
pub(super) const PACKS: &[(&str, Files)] = &[(
    "fbi-i-101823-psa",
    pack!("fbi-i-101823-psa":
        "pack.yaml",
        "DD-01.yaml", "DD-02.yaml", "DD-03.yaml", "DD-04.yaml", "DD-05.yaml", "DD-06.yaml", "DD-07.yaml",
        "DD-08.yaml", "DD-09.yaml", "DD-10.yaml", "DD-11.yaml", "DD-12.yaml", "DD-13.yaml", "DD-14.yaml",
        "DD-15.yaml", "DD-16.yaml",
        "RF-01.yaml", "RF-02.yaml", "RF-03.yaml", "RF-04.yaml", "RF-05.yaml", "RF-06.yaml", "RF-07.yaml",
        "RF-08.yaml", "RF-09.yaml", "RF-10.yaml", "RP-01.yaml", "RP-02.yaml",
    ),
)];
