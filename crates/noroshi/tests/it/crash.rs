//! An acknowledged report survives `kill -9`, and each indicator goes out once.

use std::collections::{HashMap, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use serde_json::Value;

use crate::site::Site;

const ROUNDS: u32 = 3;
const SENDERS: u32 = 4;

#[test]
fn acknowledged_reports_survive_and_go_out_once() {
    let mut site = Site::new();
    let keys: Vec<String> =
        ["Aozora", "Bashouan"].iter().map(|n| site.key(&site.member(n))).collect();
    // Report id and sender's key, values of each.
    let acknowledged: Mutex<HashMap<String, (String, Vec<String>)>> = Mutex::default();
    let sent: Mutex<HashSet<String>> = Mutex::default();
    let next = AtomicU32::new(0);

    for round in 0..ROUNDS {
        site.start();
        let stop = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for sender in 0..SENDERS {
                let (base, key) = (site.base.clone(), &keys[(sender % 2) as usize]);
                let (stop, next, acknowledged, sent) = (&stop, &next, &acknowledged, &sent);
                scope.spawn(move || {
                    while !stop.load(Ordering::Relaxed) {
                        let values: Vec<String> =
                            (0..3).map(|_| address(next.fetch_add(1, Ordering::Relaxed))).collect();
                        sent.lock().unwrap().extend(values.iter().cloned());
                        let answer = ureq::post(format!("{base}/api/v1/reports"))
                            .header("authorization", format!("Bearer {key}"))
                            .header("content-type", "text/plain")
                            .send(values.join(" "));
                        let Ok(mut answer) = answer else { continue };
                        let status = answer.status().as_u16();
                        let Ok(body) = answer.body_mut().read_to_vec() else { continue };
                        assert_eq!(status, 201);
                        let Ok(body) = serde_json::from_slice::<Value>(&body) else { continue };
                        let id = body["id"].as_str().unwrap().to_owned();
                        acknowledged.lock().unwrap().insert(id, (key.clone(), values));
                    }
                });
            }
            // Long enough for a tick or two in the middle of the burst, each round another moment.
            std::thread::sleep(Duration::from_millis(1_500 + 370 * u64::from(round)));
            site.kill();
            stop.store(true, Ordering::Relaxed);
        });
    }

    site.start();
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() >= 10, "only {} reports: no burst", acknowledged.len());
    let mut wanted = HashSet::new();
    for (id, (key, values)) in &acknowledged {
        let (status, body) = site.get(key, &format!("/api/v1/reports/{id}"));
        assert_eq!(status, 200, "report {id} is lost");
        let body: Value = serde_json::from_slice(&body).unwrap();
        let items = body["indicators"].as_array().unwrap();
        let kept: HashSet<_> = items.iter().filter_map(|i| i["value"].as_str()).collect();
        assert_eq!(kept, values.iter().map(String::as_str).collect(), "report {id} is not whole");
        wanted.extend(values.iter().map(|v| format!("[ipv4-addr:value = '{v}']")));
    }
    let patterns = site.patterns(&keys[0], |p| {
        let there: HashSet<&String> = p.iter().collect();
        wanted.iter().all(|w| there.contains(w))
    });
    let mut times: HashMap<&String, u32> = HashMap::new();
    for pattern in &patterns {
        *times.entry(pattern).or_default() += 1;
    }
    let lost: Vec<_> = wanted.iter().filter(|w| !times.contains_key(w)).collect();
    assert!(lost.is_empty(), "{} of {} lost: {lost:?}", lost.len(), wanted.len());
    let double: Vec<_> = times.iter().filter(|(_, n)| **n > 1).collect();
    assert!(double.is_empty(), "released more than once: {double:?}");
    // What was never answered may be there, but only what was sent.
    let sent = sent.into_inner().unwrap();
    for pattern in patterns {
        let value = pattern.split('\'').nth(1).unwrap();
        assert!(sent.contains(value), "{value} was never sent");
    }
}

/// The n-th address.
fn address(n: u32) -> String {
    format!("45.77.{}.{}", n / 250 % 250, n % 250 + 1)
}
