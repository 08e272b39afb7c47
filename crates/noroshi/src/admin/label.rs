//! `noroshi admin label`: what kinds of victim may be spoken of, and what they are called.

use anyhow::Result;
use clap::Subcommand;
use noroshi_anonymity::Words;
use noroshi_hub::Hub;
use noroshi_hub::admin;

#[derive(Subcommand)]
pub(super) enum Command {
    /// Show the label tree: which groups a context release may name, and how large they are
    ///
    /// Groups that are too small for the parameters of [anonymity] are merged with a neighbour;
    /// `merge_order` in the configuration says which steps stand together.
    Tree,
    /// Print which member each context release is about, for `noroshi redteam --truth`
    ///
    /// This is the hub's secret: write it to a file that only you read, and remove it afterwards.
    Truth,
    /// List the steps of the members' label paths with their words
    List,
    /// Set the words of a step, such as: label set utilities --ja 電力会社 --en "electric utilities"
    Set {
        /// One step of a label path
        step: String,
        /// Its words in Japanese
        #[arg(long)]
        ja: String,
        /// Its words in English
        #[arg(long)]
        en: String,
    },
}

pub(super) async fn run(hub: &Hub, command: Command) -> Result<()> {
    match command {
        Command::Tree => {
            let tree = admin::label_tree(hub).await?;
            println!("tree of        {}", tree.made);
            println!("register       {}", tree.register);
            println!("parameters     {}", tree.parameters);
            println!("               {}", tree.parameters_json);
            println!(
                "labels in the window {}, members in quarantine {}",
                tree.published, tree.quarantined
            );
            for node in tree.nodes {
                let indent = "  ".repeat(node.depth);
                let closed = if node.open { "" } else { "  closed for now" };
                let cell = if node.cell { "  cell" } else { "" };
                let Words { ja, en } = node.words;
                println!("{indent}{en} / {ja}  {} members{cell}{closed}", node.members);
            }
        }
        Command::Truth => {
            let truth: serde_json::Map<String, serde_json::Value> = admin::release_truth(hub)
                .await?
                .into_iter()
                .map(|(release, member)| (release, member.into()))
                .collect();
            println!("{}", serde_json::Value::Object(truth));
        }
        Command::List => {
            for (step, words) in admin::list_label_words(hub).await? {
                match words {
                    Some(Words { ja, en }) => println!("{step}  {en} / {ja}"),
                    None => println!(
                        "{step}  no words yet: noroshi admin label set {step} --ja ... --en ..."
                    ),
                }
            }
        }
        Command::Set { step, ja, en } => {
            admin::set_label_words(hub, &step, Words { ja, en }).await?;
        }
    }
    Ok(())
}
