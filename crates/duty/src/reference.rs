//! All reference data of this crate, loaded and checked against each other.

use jiff::tz::TimeZoneDatabase;

use crate::source_text::{LoadError, SourceText};
use crate::{
    Authority, Calendar, Clock, ClockError, Clocks, Decisions, Enumeration, Field, FilingForm,
    Form, FormSource, Jurisdiction, Obligation, Sector, SectorList, Text, decide, fields, forms,
    load, sectors,
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
    /// `forms/*.toml`.
    pub forms: &'a [(&'a str, &'a str)],
    /// `applies.toml`.
    pub applies: (&'a str, &'a str),
}

impl Files<'_> {
    /// An error at the definition of something.
    fn error(&self, place: &forms::Place, message: String) -> LoadError {
        let (files, id) = match place {
            forms::Place::Form(id) => (self.forms, id),
            forms::Place::Obligation(id) => (std::slice::from_ref(&self.obligations), id),
            forms::Place::Field(id) => (std::slice::from_ref(&self.fields), id),
        };
        let definition = format!("\nid = \"{id}\"");
        let found = files.iter().rev().find_map(|(name, text)| {
            let at = text.find(&definition)? + 1;
            Some(SourceText { name, text }.error(&(at..at), message.clone()))
        });
        found.unwrap_or_else(|| LoadError { file: id.clone(), line: 1, message })
    }
}

impl Files<'static> {
    /// The texts noroshi is built with.
    pub fn builtin() -> Self {
        macro_rules! file {
            ($name:literal) => {
                (concat!("reference/", $name), include_str!(concat!("../../../reference/", $name)))
            };
        }
        Self {
            obligations: file!("obligations.toml"),
            sectors: file!("sectors.toml"),
            fields: file!("report-fields.toml"),
            holidays: &[
                file!("holidays-jp.toml"),
                file!("holidays-us.toml"),
                file!("holidays-eu.toml"),
            ],
            forms: &[
                file!("forms/au-ransom.toml"),
                file!("forms/eu-dora.toml"),
                file!("forms/eu-gdpr.toml"),
                file!("forms/eu-nis2.toml"),
                file!("forms/fire.toml"),
                file!("forms/ipa.toml"),
                file!("forms/jp-acd.toml"),
                file!("forms/jp-appi.toml"),
                file!("forms/jp-common-ddos.toml"),
                file!("forms/jp-common-other.toml"),
                file!("forms/jp-common-ransomware.toml"),
                file!("forms/jp-telecom.toml"),
                file!("forms/jpcert.toml"),
                file!("forms/plain.toml"),
                file!("forms/uk-nis.toml"),
                file!("forms/us-circia.toml"),
                file!("forms/us-dfars.toml"),
                file!("forms/us-sec-8k.toml"),
            ],
            applies: file!("applies.toml"),
        }
    }
}

/// Obligations, sectors, fields and holidays, consistent with each other.
#[derive(Clone, Debug)]
pub struct Reference {
    jurisdictions: Vec<Jurisdiction>,
    field_version: String,
    record_keys: Vec<(String, Text)>,
    filing_forms: Vec<FilingForm>,
    decisions: Decisions,
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
        let load::Loaded { jurisdictions, clocks, obligations, forms, who_lists } =
            load::load(source(files.obligations), &zones)?;
        let sectors::Loaded { lists, authorities, sectors } = sectors::load(source(files.sectors))?;
        let fields::Loaded {
            record_keys,
            version: field_version,
            fields,
            enumerations,
            forms: form_sources,
        } = fields::load(source(files.fields))?;
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
        for field in &fields {
            if let Some(lost) = field.clocks.iter().find(|c| !clocks.iter().any(|k| k.id == **c)) {
                let (name, text) = files.fields;
                let at = text.find(&format!("id = \"{}\"", field.id)).unwrap_or(0);
                let message = format!("field {}: no clock {lost:?} is defined", field.id);
                return Err(SourceText { name, text }.error(&(at..at), message));
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
        let mut filing_forms = Vec::new();
        for file in files.forms {
            filing_forms.push(forms::load(source(*file), &fields)?);
        }
        if let Some((place, message)) = forms::disagreement(&filing_forms, &fields, &obligations) {
            return Err(files.error(&place, message));
        }
        let decisions = decide::load(source(files.applies), &obligations, &sectors)?;
        Ok(Self {
            jurisdictions,
            field_version,
            record_keys,
            filing_forms,
            decisions,
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
        Self::load(&Files::builtin())
    }

    /// The same with a member's contract clauses (`noroshi-contracts/1`), which become obligations
    /// named `contract-...`.
    ///
    /// # Errors
    /// [`LoadError`] with file and line.
    pub fn with_contracts(mut self, name: &str, text: &str) -> Result<Self, LoadError> {
        let clauses = load::clauses::load(SourceText { name, text }, &self)?;
        for clause in clauses {
            if self.obligation(&clause.id).is_some() {
                let message = format!("{} was loaded before", clause.id);
                return Err(SourceText { name, text }.error(&(0..0), message));
            }
            self.obligations.push(clause);
        }
        Ok(self)
    }

    /// Places whose law is known.
    pub fn jurisdictions(&self) -> &[Jurisdiction] {
        &self.jurisdictions
    }

    /// The usual parts of records, in their order on paper.
    pub fn record_keys(&self) -> &[(String, Text)] {
        &self.record_keys
    }

    /// The version of the set of fields.
    pub fn field_version(&self) -> &str {
        &self.field_version
    }

    /// The forms that can be filled.
    pub fn filing_forms(&self) -> &[FilingForm] {
        &self.filing_forms
    }

    /// The data by which it is decided which obligations apply.
    pub fn decisions(&self) -> &Decisions {
        &self.decisions
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
        self.add_clocks(Clocks::new(zone)?, assignments)
    }

    /// Adds moments given as text to clocks that answers started.
    ///
    /// # Errors
    /// As [`Reference::clocks`]; [`ClockError::Twice`] also for a clock that runs already.
    pub fn add_clocks<'a>(
        &self,
        mut clocks: Clocks,
        assignments: impl IntoIterator<Item = &'a str>,
    ) -> Result<Clocks, ClockError> {
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
