//! What happened to one incident, as events that are only ever added; its state is their fold.
//!
//! An event that fits nothing is kept all the same, because it may have happened: the state tells
//! it as a [`Problem`].

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::source_text::{LoadError, SourceText};
use crate::{Clocks, Obligation, Problem, Stage, moment_text};

/// Something that happened to an incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case", deny_unknown_fields)]
#[expect(missing_docs, reason = "the names of the parts say it")]
pub enum Event {
    /// The case was opened.
    Opened {
        #[serde(with = "moment_text")]
        at: Timestamp,
    },
    /// A stage was submitted to the authority.
    StageFiled {
        #[serde(with = "moment_text")]
        at: Timestamp,
        obligation: String,
        stage: String,
        version: u32,
    },
    /// Something was added to a stage that was submitted before.
    Supplement {
        #[serde(with = "moment_text")]
        at: Timestamp,
        obligation: String,
        stage: String,
        version: u32,
    },
    /// It was found reportable or not; without an obligation, under all.
    Reclassified {
        #[serde(with = "moment_text")]
        at: Timestamp,
        #[serde(default)]
        obligation: Option<String>,
        reportable: bool,
        why: String,
    },
    /// It was withdrawn; without an obligation, everywhere.
    Withdrawn {
        #[serde(with = "moment_text")]
        at: Timestamp,
        #[serde(default)]
        obligation: Option<String>,
        why: String,
    },
    /// Nothing more will be reported.
    Closed {
        #[serde(with = "moment_text")]
        at: Timestamp,
    },
}

impl Event {
    /// When it happened.
    pub fn at(&self) -> Timestamp {
        match self {
            Self::Opened { at }
            | Self::StageFiled { at, .. }
            | Self::Supplement { at, .. }
            | Self::Reclassified { at, .. }
            | Self::Withdrawn { at, .. }
            | Self::Closed { at } => *at,
        }
    }

    fn concerns(&self, id: &str) -> bool {
        match self {
            Self::StageFiled { obligation, .. } | Self::Supplement { obligation, .. } => {
                obligation == id
            }
            Self::Reclassified { obligation, .. } | Self::Withdrawn { obligation, .. } => {
                obligation.as_ref().is_none_or(|o| o == id)
            }
            Self::Opened { .. } | Self::Closed { .. } => true,
        }
    }
}

/// Where an incident stands under one obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseStanding {
    /// Something may still have to be reported.
    Open,
    /// Every stage that is always owed was submitted, and one of those owed under a condition.
    Complete,
    /// Found not reportable: nothing more is owed unless it is reclassified.
    NotReportable,
    /// Withdrawn.
    Withdrawn,
    /// Closed.
    Closed,
}

/// A stage of one incident.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct StageState {
    /// The stage.
    pub stage: String,
    /// When it was first submitted.
    pub filed: Option<String>,
    /// The highest version submitted, supplements included; 0: none.
    pub version: u32,
    /// Supplements and repetitions.
    pub supplements: u32,
    #[serde(skip)]
    first: Option<Timestamp>,
    #[serde(skip)]
    last: Option<Timestamp>,
}

/// The state of an incident under one obligation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CaseState {
    /// Where it stands.
    pub standing: CaseStanding,
    /// Every stage.
    pub stages: Vec<StageState>,
    /// The stage that is owed next, if any is owed for certain.
    pub next: Option<String>,
    /// Stages that are owed under a condition and were not submitted.
    pub conditional: Vec<String>,
    /// What does not fit.
    pub problems: Vec<Problem>,
}

/// The history of one incident. Events can be added, never changed or removed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Incident {
    events: Vec<Event>,
}

impl Incident {
    /// An incident that begins now.
    pub fn opened(at: Timestamp) -> Self {
        Self { events: vec![Event::Opened { at }] }
    }

    /// Reads the events (`[[event]]`) of a file; other tables are left alone, so that they can
    /// stand beside a report's answers.
    ///
    /// # Errors
    /// [`LoadError`] with file and line of the event that cannot be read.
    pub fn from_toml(name: &str, text: &str) -> Result<Self, LoadError> {
        let source = SourceText { name, text };
        let mut file: toml::Table = source.parse()?;
        let mut events = Vec::new();
        let list = match file.remove("event") {
            Some(toml::Value::Array(list)) => list,
            _ => Vec::new(),
        };
        for (number, event) in list.into_iter().enumerate() {
            let read = serde_json::from_value(crate::answers::from_toml_value(event));
            events.push(read.map_err(|e| {
                let at = text.match_indices("[[event]]").nth(number).map_or(0, |(at, _)| at);
                source.error(&(at..at), format!("event {}: {e}", number + 1))
            })?);
        }
        Ok(Self { events })
    }

    /// Adds an event.
    pub fn add(&mut self, event: Event) {
        self.events.push(event);
    }

    /// Every event in the order it was recorded.
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The version the next filing of a stage has.
    pub fn next_version(&self, obligation: &str, stage: &str) -> u32 {
        let versions = self.events.iter().filter_map(|e| match e {
            Event::StageFiled { obligation: o, stage: s, version, .. }
            | Event::Supplement { obligation: o, stage: s, version, .. }
                if o == obligation && s == stage =>
            {
                Some(*version)
            }
            _ => None,
        });
        versions.max().unwrap_or(0) + 1
    }

    /// The clocks with what was submitted under this obligation: the first submission of a stage,
    /// the latest where a stage is repeated.
    #[must_use]
    pub fn add_filed(&self, obligation: &Obligation, mut clocks: Clocks) -> Clocks {
        for (state, stage) in self.state(obligation).stages.iter().zip(&obligation.stages) {
            let at = if stage.repeat { state.last } else { state.first };
            if let Some(at) = at {
                let at = at.to_zoned(clocks.zone().clone());
                clocks = clocks.with_filed(&stage.id, at);
            }
        }
        clocks
    }

    /// Folds the events into the state under one obligation.
    pub fn state(&self, obligation: &Obligation) -> CaseState {
        let stage = |s: &Stage| StageState {
            stage: s.id.clone(),
            filed: None,
            version: 0,
            supplements: 0,
            first: None,
            last: None,
        };
        let mut state = CaseState {
            standing: CaseStanding::Open,
            stages: obligation.stages.iter().map(stage).collect(),
            next: None,
            conditional: Vec::new(),
            problems: Vec::new(),
        };
        let mut before: Option<Timestamp> = None;
        for (index, event) in self.events.iter().enumerate() {
            let number = index + 1;
            match (index, event) {
                (0, Event::Opened { .. }) => {}
                (0, _) => state.problems.push(Problem::NotOpened),
                (_, Event::Opened { .. }) => state.problems.push(Problem::OpenedTwice { number }),
                _ => {}
            }
            if before.is_some_and(|b| event.at() < b) {
                state.problems.push(Problem::Backwards { number });
            }
            before = Some(event.at());
            if event.concerns(&obligation.id) {
                state.take(obligation, event);
            }
        }
        state.settle(obligation);
        state
    }
}

/// Whether a stage may be left out.
fn optional(stage: &Stage) -> bool {
    stage.condition.is_some() || (stage.repeat && !stage.has_number())
}

impl CaseState {
    fn take(&mut self, obligation: &Obligation, event: &Event) {
        match event {
            Event::Opened { .. } => {}
            Event::Closed { .. } => self.standing = CaseStanding::Closed,
            Event::Withdrawn { .. } => self.standing = CaseStanding::Withdrawn,
            Event::Reclassified { reportable: false, .. } => {
                self.standing = CaseStanding::NotReportable;
            }
            Event::Reclassified { reportable: true, .. } => self.standing = CaseStanding::Open,
            Event::StageFiled { at, stage, version, .. } => {
                self.filed(obligation, stage, *at, *version, false);
            }
            Event::Supplement { at, stage, version, .. } => {
                self.filed(obligation, stage, *at, *version, true);
            }
        }
    }

    fn filed(&mut self, of: &Obligation, stage: &str, at: Timestamp, version: u32, more: bool) {
        let obligation = of.id.clone();
        let Some(place) = of.stages.iter().position(|s| s.id == stage) else {
            let stage = stage.chars().take(64).collect();
            self.problems.push(Problem::UnknownStage { obligation, stage });
            return;
        };
        let stage = stage.to_owned();
        if matches!(self.standing, CaseStanding::NotReportable | CaseStanding::Withdrawn) {
            let (obligation, stage) = (obligation.clone(), stage.clone());
            self.problems.push(Problem::AfterTheEnd { obligation, stage });
        }
        let earlier = of.stages[..place].iter().zip(&self.stages);
        let mut skipped = earlier.filter(|(s, state)| !optional(s) && state.first.is_none());
        if let Some((before, _)) = skipped.next_back() {
            let (obligation, stage) = (obligation.clone(), stage.clone());
            let before = before.id.clone();
            self.problems.push(Problem::OutOfOrder { obligation, stage, before });
        }
        let repeat = of.stages[place].repeat;
        let state = &mut self.stages[place];
        match (state.first.is_some(), more) {
            (true, false) if !repeat => {
                self.problems.push(Problem::FiledTwice { obligation, stage });
            }
            (false, true) => {
                self.problems.push(Problem::NothingToSupplement { obligation, stage });
            }
            _ => {}
        }
        if more || state.first.is_some() {
            state.supplements += 1;
        } else {
            state.first = Some(at);
            state.filed = Some(at.to_string());
        }
        state.last = state.last.max(Some(at));
        state.version = state.version.max(version);
    }

    /// What is owed next, and whether anything is.
    fn settle(&mut self, obligation: &Obligation) {
        if self.standing != CaseStanding::Open {
            return;
        }
        let stages = || obligation.stages.iter().zip(&self.stages);
        let open = |(_, state): &(&Stage, &StageState)| state.first.is_none();
        self.next = stages().filter(open).find(|(s, _)| !optional(s)).map(|(s, _)| s.id.clone());
        // A stage that would have moved a later one is owed no more once that was submitted.
        let past = |stage: &Stage| {
            stages().any(|(later, state)| {
                let moved = later.instead.as_ref().is_some_and(|i| i.after == stage.id);
                moved && state.first.is_some()
            })
        };
        let conditional = stages()
            .filter(|(s, _)| s.condition.is_some() && !past(s))
            .filter(open)
            .map(|(s, _)| s.id.clone());
        self.conditional = conditional.collect();
        let counts = |s: &Stage| s.condition.is_some() && s.has_number() && !past(s);
        let mut numbered = stages().filter(|(s, _)| counts(s));
        let none = !stages().any(|(s, _)| counts(s));
        if self.next.is_none() && (none || numbered.any(|(_, state)| state.first.is_some())) {
            self.standing = CaseStanding::Complete;
        }
    }
}
