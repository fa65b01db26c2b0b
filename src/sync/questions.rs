//! The events that wait for the person's word, and the word.

use serde::Serialize;

use crate::event::{Event, Start};
use crate::host::{Audience, Clock, Random};
use crate::problem::{Problem, Side};
use crate::sync::execute::Again;
use crate::sync::history::RunKind;
use crate::sync::merge::Field;
use crate::sync::plan::Rules;
use crate::sync::port::{Calendar, StateStore, all_links};
use crate::sync::preview::Approval;
use crate::sync::report::RunReport;
use crate::sync::run::{World, carry_out, measure, of_store, within};
use crate::sync::state::{Link, LinkId, LinkState};
use crate::sync::survey::{plan_again, rules_of};
use crate::sync::undo::end;

/// An event of which people edited the same parts on both sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "types", derive(ts_rs::TS))]
#[serde(rename_all = "camelCase")]
pub struct Asked {
    #[cfg_attr(feature = "types", ts(type = "string"))]
    pub link: LinkId,
    pub title: String,
    pub start: Start,
    /// What was edited on both sides.
    pub fields: Vec<Field>,
    /// As both sides last agreed; `None`: they never did.
    pub before: Option<Event>,
    pub blikk: Event,
    pub exchange: Event,
}

/// Everything that waits for an answer.
///
/// # Errors
/// The store's.
pub async fn questions(store: &impl StateStore) -> Result<Vec<Asked>, Problem> {
    Ok(all_links(store).await?.into_iter().filter_map(asked).collect())
}

fn asked(link: Link) -> Option<Asked> {
    let before = link.base.clone();
    let LinkState::Asks { question } = link.state else { return None };
    let (title, start) = (question.exchange.title.clone(), question.exchange.when.start());
    let (fields, blikk, exchange) = (question.fields, question.blikk, question.exchange);
    Some(Asked { link: link.id, title, start, fields, before, blikk, exchange })
}

/// That side's edits stand. If people went on editing, it asks again, with what there is now.
pub async fn answer<B, X, S, C, R, A>(world: &World<'_, B, X, S, C, R, A>, link: LinkId, winner: Side) -> RunReport
where
    B: Calendar,
    X: Calendar,
    S: StateStore,
    C: Clock,
    R: Random,
    A: Audience,
{
    within(world, RunKind::Answer, async |world, executor| {
        let links = all_links(world.store).await.map_err(of_store)?;
        let asked: Vec<Link> = links.into_iter().filter(|asked| asked.id == link).collect();
        let now = world.clock.now();
        let rules = Rules { answer: Some((link, winner)), ..rules_of(executor.ledger.head(), now, world.zones) };
        let decided = plan_again(world, &rules, Again { links: asked, ..Again::default() }, true).await?;
        let measure = measure(&executor.ledger, Approval::default());
        carry_out(executor, decided.steps, &measure).await?;
        end(world, executor).await
    })
    .await
}
