//! `cloud-tenant` and `cloud-storage`.

use noroshi_stix::Kind::{Domain, Email, FileName, Host, RegistryKey, Url};

use crate::support::{expect, released};

#[test]
fn tenants_wait_for_the_desk() {
    expect(
        "cloud-tenant",
        &[
            (Host, "kurogane.sharepoint.com"),
            (Host, "kurogane-my.sharepoint.com"),
            (Url, "https://kurogane.sharepoint.com/sites/plans/Forms/view.aspx"),
            (Host, "kurogane.onmicrosoft.com"),
            (Email, "invoice@kurogane.onmicrosoft.com"),
            (Host, "kurogane.okta.com"),
            (Url, "https://kurogane.okta-emea.com/login/login.htm"),
            (Host, "kurogane.my.salesforce.com"),
            (Host, "kurogane.cybozu.com"),
            (Host, "kurogane.atlassian.net"),
            (Host, "kurogane.signin.aws.amazon.com"),
            (FileName, "export kurogane.sharepoint.com.csv.kurogane.onmicrosoft.com"),
            (RegistryKey, "HKCU\\Software\\OneDrive\\kurogane.sharepoint.com"),
        ],
    );
}

#[test]
fn buckets_wait_for_the_desk() {
    expect(
        "cloud-storage",
        &[
            (Host, "kurogane-backup.s3.amazonaws.com"),
            (Host, "kurogane-backup.s3.ap-northeast-1.amazonaws.com"),
            (Host, "kurogane-backup.s3-ap-northeast-1.amazonaws.com"),
            (Host, "kurogane.s3-website-us-east-1.amazonaws.com"),
            (Url, "https://s3.amazonaws.com/kurogane/list.txt"),
            (Url, "https://s3.ap-northeast-1.amazonaws.com/kurogane/list.txt"),
            (Host, "kurogane.blob.core.windows.net"),
            (Host, "kurogane.vault.azure.net"),
            (Url, "https://storage.googleapis.com/kurogane/list.txt"),
            (Host, "kurogane.storage.googleapis.com"),
            (FileName, "kurogane-backup.s3.amazonaws.com"),
        ],
    );
}

#[test]
fn tenants_in_urls_are_cut() {
    let host = "http://kurotsuchi.net";
    for (given, want) in [
        ("/r?x=kuro.sharepoint.com", "/r"),
        ("/r?x=s3://kurogane/", "/r"),
        ("/r?idpid=C01abc23d", "/r"),
        ("/r/kurogane.okta.com/x", "/r/"),
    ] {
        assert_eq!(
            released(Url, &format!("{host}{given}")),
            Some(format!("{host}{want}")),
            "{given}"
        );
    }
}

#[test]
fn services_and_strangers_pass() {
    expect(
        "",
        &[
            (Domain, "kurogane-sharepoint.com"),
            (Domain, "sharepoint-com.net"),
            (Host, "login.okta.com"),
            (Host, "kurotsuchi-c2.herokuapp.com"),
            (Host, "kurotsuchi.github.io"),
            (Host, "s3.kurotsuchi.net"),
        ],
    );
}
