//! What stands in Exchange before the first sync.

use super::{Entry, FRI, MON, SAT, THU, TUE, WED, Weeks, on_2027, timed, whole_days};

const BJORN: (&str, &str) = ("Björn Östlund", "bjorn.ostlund@konsult.example");
const KARIN: (&str, &str) = ("Karin Admin", "karin.admin@konsult.example");
const GUNNEL: (&str, &str) = ("Gunnel Rökström", "gunnel@smogensrokeri.example");

#[rustfmt::skip]
pub fn annas(weeks: Weeks) -> Vec<Entry> {
    vec![
        // Behind us.
        weeks.timed(-5, TUE, ("13:00", "15:00"), "Uppstart: Smögens Rökeri AB").at("Smögenbryggan 4")
            .saying("Beställaren heter Gunnel och vill ha \"ett sånt där system\".\nTa reda på vilket sånt.").categories(&["Kund"]),
        weeks.timed(-4, FRI, ("14:00", "15:30"), "Retrospektiv: vad lärde vi oss?").at("Kajutan")
            .saying("Bra: leveransen.\nMindre bra: fredagen vi levererade på."),
        weeks.timed(-3, WED, ("18:00", "23:00"), "Vinprovning med säljteamet 🍷").at("Källaren, Magasinsgatan").visible_as("personal"),
        weeks.timed(-2, THU, ("10:00", "11:00"), "Lönesamtal").at("Karins rum").visible_as("private")
            .saying("Argument: 1) Smögen 2) röktes inte ut 3) kan ladda skrivaren"),
        weeks.timed(-1, MON, ("09:00", "10:00"), "Riskworkshop <Smögen> & <Hovås>").at("Rum Öresund")
            .saying("Risk nr 1: \"det är bara en liten integration\"").categories(&["Kund", "Workshop"]),
        weeks.timed(-1, THU, ("15:00", "15:30"), "Fika & feedback med praktikanten").at("Köket").status("free"),
        // This week.
        weeks.timed(0, MON, ("08:30", "09:00"), "Veckostart med kaffe").at("Köket").categories(&["Internt"]),
        weeks.timed(0, MON, ("13:00", "16:00"), "Kravworkshop: rökugnar i molnet ☁️").at("Smögenbryggan 4")
            .saying("Ta med: post-it, tålamod, extra tröja.\n\nhttps://smogensrokeri.example/ugn?id=3&visa=temp").categories(&["Kund", "Workshop"]).reminder(60),
        weeks.timed(0, TUE, ("09:15", "11:45"), "Fokustid: arkitekturskissen").saying("Stör ej. Jo, om det brinner. Eller finns bullar."),
        weeks.timed(0, TUE, ("16:00", "17:00"), "Tandläkaren 🦷").at("Odontia, Linnégatan 12").visible_as("private").status("outOfOffice").reminder(120),
        weeks.timed(0, WED, ("10:00", "10:45"), "Avstämning: varför kostar testmiljön mer än produktion?").at("Teams"),
        weeks.timed(0, WED, ("13:30", "14:30"), "Offertgenomgång \"Projekt Ål\"").at("Rum Vättern").status("tentative")
            .saying("Marginal < 10 % & risk > 50 % => nej tack, sa Karin.").categories(&["Sälj"]),
        weeks.whole_days(0, THU, 1, "Jobbar från stugan i Höör").status("workingElsewhere").at("Höör"),
        weeks.timed(0, FRI, ("09:00", "09:30"), "Demo för Gunnel (hon gillar när det rör på sig)").at("Teams").reminder(5).categories(&["Kund"]),
        weeks.timed(0, FRI, ("15:00", "16:00"), "Fredagsfrågan: tabbar eller mellanslag?").at("Soffan").status("free"),
        // Ahead of us.
        weeks.timed(1, MON, ("10:00", "12:00"), "Kodgranskning hos Hovås Kommunalteknik").at("Hovås, hus B").categories(&["Kund"]),
        weeks.whole_days(1, TUE, 2, "Konferens: Räkna med regn 2.0").status("outOfOffice").at("Svenska Mässan, Göteborg").categories(&["Utbildning"]),
        weeks.timed(1, THU, ("17:30", "18:30"), "Körrepetition (tredje stämman är fortfarande jag)").at("Församlingshemmet").visible_as("personal"),
        weeks.timed(2, WED, ("09:00", "12:00"), "Migreringsgenrep & återställning").at("Rum Öresund")
            .saying("1. Kopiera\n2. Migrera\n3. Återställ\n4. Upptäck att 3 borde ha prövats före 2").categories(&["Kund"]),
        weeks.timed(3, MON, ("08:00", "08:15"), "Frukost"),
        weeks.timed(5, FRI, ("11:30", "13:00"), "Avtackning för skrivaren HP 4000 (1999–2027) 🖨️").at("Källaren"),
        // On their dates.
        timed(on_2027(3, 27), "22:55", on_2027(3, 28), "06:20", "Nattåg Malmö–Stockholm 🚆").at("Spår 2, vagn 21, plats 43")
            .saying("Klockan ställs fram i natt: en timme kortare sömn, samma pris.").status("outOfOffice"),
        whole_days(on_2027(6, 25), 1, "Midsommarafton 🌸").status("outOfOffice"),
        whole_days(on_2027(7, 12), 19, "Semester ☀️ (ring Björn)").status("outOfOffice").saying("Björn vet inget, men han svarar."),
        // Not yet synchronised, and counted.
        weeks.timed(-4, MON, ("09:00", "09:15"), "Stand-up Smögen").at("Teams").every_week_on(&["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]),
        weeks.timed(0, THU, ("13:00", "14:00"), "Styrgrupp Smögens Rökeri").at("Teams").with(&[BJORN, KARIN, GUNNEL])
            .saying("Dagordning: läge, läckage, lunch."),
        weeks.timed(1, FRI, ("10:00", "11:00"), "Rökprov med kunden").at("Rökeriet").called_by(GUNNEL.0, GUNNEL.1).with(&[BJORN]),
    ]
}

#[rustfmt::skip]
pub fn bjorns(weeks: Weeks) -> Vec<Entry> {
    vec![
        weeks.timed(-2, MON, ("10:00", "11:30"), "Felsökning: det var DNS").saying("Det är alltid DNS. Utom när det är certifikatet."),
        weeks.timed(0, MON, ("07:30", "08:00"), "Cykla till jobbet (om det inte regnar)").status("free").visible_as("personal"),
        weeks.timed(0, TUE, ("10:00", "11:00"), "Parprogrammering med Östen & \"gummiankan\" 🦆").at("Rum Vättern"),
        weeks.timed(0, WED, ("08:00", "12:00"), "Driftsättning Hovås <v2>").saying("Plan A: det går.\nPlan B: det gick inte, se plan A.").categories(&["Kund"]),
        weeks.timed(0, THU, ("16:30", "17:15"), "Hämta på förskolan").visible_as("private").status("outOfOffice"),
        weeks.whole_days(0, FRI, 1, "VAB-reserv").status("tentative"),
        weeks.timed(1, SAT, ("09:00", "17:00"), "Serverflytt: bär med böjda knän").at("Hovås, källaren").categories(&["Kund"]),
        weeks.timed(3, TUE, ("13:00", "17:00"), "Certifiering (tredje gången gillt)").at("Drottninggatan 50").reminder(1440),
        whole_days(on_2027(5, 7), 1, "Klämdag"),
    ]
}
