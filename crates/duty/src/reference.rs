//! All reference data of this crate, loaded and checked against each other.

use jiff::tz::TimeZoneDatabase;

use crate::source_text::{LoadError, SourceText};
use crate::{
    Authority, Calendar, Clock, ClockError, Clocks, Enumeration, Field, Form, FormSource,
    Obligation, Sector, SectorList, fields, load, sectors,
};

/// The texts of the data files, each with the name errors will call it by.
#[derive(Clone, Copy, Debug)]
pub struct Files<'a> {
    /// `obligations.toml`.
    pub obligations: (&'a str, &'a str),
    /// `sectors.toml`.
    pub sectors: (&'a str, &'a str),
    /// `report-fields.toml`.
    pub fields: (&'a str, &'a str),
    /// `holidays-*.toml`.
    pub holidays: &'a [(&'a str, &'a str)],
}

/// Obligations, sectors, fields and holidays, consistent with each other.
#[derive(Clone, Debug)]
pub struct Reference {
    clocks: Vec<Clock>,
    obligations: Vec<Obligation>,
    forms: Vec<Form>,
    lists: Vec<SectorList>,
    authorities: Vec<Authority>,
    sectors: Vec<Sector>,
    fields: Vec<Field>,
    enumerations: Vec<Enumeration>,
    form_sources: Vec<FormSource>,
    calendar: Calendar,
}

impl Reference {
    /// Loads data files.
    ///
    /// # Errors
    /// [`LoadError`] with file and line, for the first thing that is missing, unknown, defined
    /// twice or contradicts something else.
    pub fn load(files: &Files<'_>) -> Result<Self, LoadError> {
        let source = |(name, text)| SourceText { name, text };
        let zones = TimeZoneDatabase::bundled();
        let load::Loaded { clocks, obligations, forms, who_lists } =
            load::load(source(files.obligations), &zones)?;
        let sectors::Loaded { lists, authorities, sectors } = sectors::load(source(files.sectors))?;
        let fields::Loaded { fields, enumerations, forms: form_sources } =
            fields::load(source(files.fields))?;
        let mut calendar = Calendar::empty();
        for (name, text) in files.holidays {
            calendar.add(name, text)?;
        }
        for (list, error) in who_lists {
            let known = lists.iter().any(|l| l.id == list) || sectors.iter().any(|s| s.id == list);
            if !known {
                return Err(error);
            }
        }
        for obligation in &obligations {
            let holidays = obligation.jurisdiction.holidays.as_deref();
            if let Some(missing) = holidays.filter(|h| !calendar.knows(h)) {
                let (name, text) = files.obligations;
                let at = text.find(&format!("holidays = \"{missing}\"")).unwrap_or(0);
                let message = format!("no file of holidays for {missing:?} was given");
                return Err(SourceText { name, text }.error(&(at..at), message));
            }
        }
        Ok(Self {
            clocks,
            obligations,
            forms,
            lists,
            authorities,
            sectors,
            fields,
            enumerations,
            form_sources,
            calendar,
        })
    }

    /// The data noroshi is built with.
    ///
    /// # Errors
    /// None in a build whose tests passed: the data is fixed.
    pub fn builtin() -> Result<Self, LoadError> {
        macro_rules! file {
            ($name:literal) => {
                (concat!("reference/", $name), include_str!(concat!("../../../reference/", $name)))
            };
        }
        Self::load(&Files {
            obligations: file!("obligations.toml"),
            sectors: file!("sectors.toml"),
            fields: file!("report-fields.toml"),
            holidays: &[
                file!("holidays-jp.toml"),
                file!("holidays-us.toml"),
                file!("holidays-eu.toml"),
            ],
        })
    }

    /// Every obligation, in the order of the file.
    pub fn obligations(&self) -> &[Obligation] {
        &self.obligations
    }

    /// The obligation of this name.
    pub fn obligation(&self, id: &str) -> Option<&Obligation> {
        self.obligations.iter().find(|o| o.id == id)
    }

    /// Every event that can start a clock.
    pub fn clock_list(&self) -> &[Clock] {
        &self.clocks
    }

    /// The holidays.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Forms of authorities.
    pub fn forms(&self) -> &[Form] {
        &self.forms
    }

    /// Lists of sectors.
    pub fn sector_lists(&self) -> &[SectorList] {
        &self.lists
    }

    /// Sectors.
    pub fn sectors(&self) -> &[Sector] {
        &self.sectors
    }

    /// Ministries and agencies.
    pub fn authorities(&self) -> &[Authority] {
        &self.authorities
    }

    /// The fields of a report.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// The field of this name.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.id == id)
    }

    /// The enumerations of fields.
    pub fn enumerations(&self) -> &[Enumeration] {
        &self.enumerations
    }

    /// The forms that fields are mapped to.
    pub fn form_sources(&self) -> &[FormSource] {
        &self.form_sources
    }

    /// Reads moments given as `CLOCK=MOMENT` or `filed:STAGE=MOMENT`, for a reporter in `zone`.
    ///
    /// # Errors
    /// [`ClockError`]: no such zone, clock or stage, no moment, given twice.
    pub fn clocks<'a>(
        &self,
        zone: &str,
        assignments: impl IntoIterator<Item = &'a str>,
    ) -> Result<Clocks, ClockError> {
        let mut clocks = Clocks::new(zone)?;
        for assignment in assignments {
            clocks.read(assignment)?;
        }
        let startable =
            || self.clocks.iter().map(|c| c.id.as_str()).filter(|c| *c != "prior-stage");
        let (mut events, mut filed) = clocks.names();
        if let Some(unknown) = events.find(|name| !startable().any(|c| c == *name)) {
            let known: Vec<&str> = startable().chain(["filed:STAGE"]).collect();
            return Err(ClockError::UnknownClock(unknown.to_owned(), known.join(", ")));
        }
        let known = |stage: &str| self.obligations.iter().any(|o| o.stage(stage).is_some());
        if let Some(unknown) = filed.find(|stage| !known(stage)) {
            return Err(ClockError::UnknownStage(unknown.to_owned()));
        }
        drop((events, filed));
        Ok(clocks)
    }
}
