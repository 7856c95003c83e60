//! The table of commands 命令, as data: what each does in each direction and which fields it carries.

use crate::codes::DefinitionError;
use serde::Deserialize;
use values::Confidence;

/// What a command is, seen from its sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Deserialize)]
pub enum Role {
    /// Not sent in this direction.
    #[default]
    #[serde(rename = "")]
    None,
    /// A request: 9011, perhaps data, 9012 follow.
    #[serde(rename = "request")]
    Request,
    /// Data: answered by 9014 when A=1.
    #[serde(rename = "upload")]
    Upload,
    /// A notice: answered by 9013.
    #[serde(rename = "notice")]
    Notice,
    /// An answer.
    #[serde(rename = "answer")]
    Answer,
    /// A heartbeat: answered by 9013 when A=1.
    #[serde(rename = "heartbeat")]
    Heartbeat,
    /// A login of the surface-water dialect: answered by 9013 when A=1, never a reason to drop the link.
    #[serde(rename = "login")]
    Login,
}

/// Which body a command carries; [`crate::body::Body`] has a variant for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "named as the variants of Body, where they are described")]
pub enum BodyKind {
    Empty,
    Timeouts,
    Clock,
    RealtimeInterval,
    MinuteInterval,
    Password,
    Realtime,
    Period,
    EquipmentState,
    EquipmentHours,
    Restart,
    Target,
    KeptSample,
    SamplingCycle,
    SamplingTime,
    Identity,
    SiteInfo,
    Key,
    RequestAnswer,
    Result,
    Unknown,
}

/// One command.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Command {
    /// Code CN, four digits.
    pub cn: String,
    /// Chinese name.
    pub zh: String,
    /// English name.
    pub en: String,
    /// From platform to station.
    pub down: Role,
    /// From station to platform.
    pub up: Role,
    /// Its body.
    pub body: BodyKind,
    /// Fields from platform to station; `?`: may be missing.
    pub down_fields: Vec<String>,
    /// Fields from station to platform.
    pub up_fields: Vec<String>,
    /// Dialects that know it.
    pub dialects: Vec<String>,
    /// Where it was read.
    pub source: String,
    /// How sure.
    pub confidence: Confidence,
}

impl Command {
    /// Code as a number.
    #[must_use]
    pub fn number(&self) -> u16 {
        self.cn.parse().unwrap_or(0)
    }
}

/// A reserved span of codes 留用.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserved {
    /// First code.
    pub first: String,
    /// Last code.
    pub last: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CommandsFile {
    command: Vec<Command>,
    reserved: Vec<Reserved>,
}

/// All commands, found by number without searching.
#[derive(Debug, Clone)]
pub struct Commands {
    list: Vec<Command>,
    by_number: Vec<u8>,
    /// Reserved spans.
    pub reserved: Vec<Reserved>,
}

impl Commands {
    /// The commands that the program carries.
    ///
    /// # Panics
    /// Never: a test reads them.
    #[must_use]
    pub fn embedded() -> Self {
        Self::read(include_str!("../../../definitions/hj212/commands.toml")).expect("the embedded definitions are read by a test")
    }

    /// Reads a definition.
    ///
    /// # Errors
    /// If it does not fit its shape, or a code stands twice.
    pub fn read(text: &str) -> Result<Self, DefinitionError> {
        let file: CommandsFile = toml::from_str(text).map_err(|cause| DefinitionError::Toml { file: "commands.toml", cause })?;
        let mut by_number = vec![0u8; 10_000];
        for (n, command) in file.command.iter().enumerate() {
            let slot = &mut by_number[usize::from(command.number()).min(9_999)];
            if *slot != 0 {
                return Err(DefinitionError::Twice(command.cn.clone()));
            }
            *slot = u8::try_from(n + 1).unwrap_or(0);
        }
        Ok(Self { list: file.command, by_number, reserved: file.reserved })
    }

    /// The command of that code, whatever the dialect.
    #[must_use]
    pub fn get(&self, number: u16) -> Option<&Command> {
        let slot = *self.by_number.get(usize::from(number))?;
        self.list.get(usize::from(slot).checked_sub(1)?)
    }

    /// The command of that code if the dialect knows it.
    #[must_use]
    pub fn known(&self, number: u16, dialect: &str) -> Option<&Command> {
        self.get(number).filter(|c| c.dialects.iter().any(|d| d == dialect))
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> &[Command] {
        &self.list
    }
}
