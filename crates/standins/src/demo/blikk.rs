//! What stands in Blikk before the first sync: the planner's view of the same weeks.

use super::{Entry, FRI, MON, THU, TUE, WED, Weeks, on_2027, timed, whole_days};

#[rustfmt::skip]
pub fn annas(weeks: Weeks) -> Vec<Entry> {
    vec![
        // Behind us.
        weeks.timed(-6, MON, ("09:00", "17:00"), "P-1017 Förstudie Smögen").at("Hos kund").categories(&["Debiterbart"]),
        weeks.timed(-4, TUE, ("10:00", "12:00"), "P-1017 Slutrapport förstudie").saying("Slutsats: \"det går nog\". 14 sidor.").categories(&["Debiterbart"]),
        weeks.timed(-2, WED, ("13:00", "14:00"), "Tidrapport januari (påminnelse nr 4)").categories(&["Internt"]),
        weeks.timed(-1, TUE, ("08:00", "12:00"), "P-1042 Integration ugn → molnet").categories(&["Debiterbart"])
            .saying("Ugnen talar Modbus.\nMolnet talar JSON.\nJag talar för döva öron."),
        weeks.timed(-1, FRI, ("13:00", "15:00"), "P-1038 Underhåll Hovås: <script> i namnfältet & annat smått").categories(&["Debiterbart"]),
        // This week.
        weeks.timed(0, MON, ("10:00", "12:00"), "P-1042 Sprintplanering 🏃").at("Rum Öresund").categories(&["Debiterbart"]),
        weeks.timed(0, TUE, ("13:00", "15:30"), "P-1042 Datamodell för sill, makrill och ål 🐟").categories(&["Debiterbart"])
            .saying("Är ål en fisk eller en status? Fråga Gunnel."),
        weeks.timed(0, WED, ("08:30", "09:45"), "P-1038 Felanmälan #2271: \"det funkar inte\"").at("Fjärr").reminder(5),
        weeks.timed(0, WED, ("15:00", "17:00"), "P-1042 Kodgranskning").status("tentative").categories(&["Debiterbart"]),
        weeks.timed(0, THU, ("09:00", "12:00"), "P-1042 Bygga larm: rök utan eld").categories(&["Debiterbart"]),
        weeks.timed(0, THU, ("15:00", "15:45"), "Läkarbesök").visible_as("private").status("outOfOffice"),
        weeks.timed(0, FRI, ("10:00", "11:30"), "P-1042 Skriva testfall för \"osannolika\" händelser").categories(&["Debiterbart"]),
        // Ahead of us.
        weeks.timed(1, MON, ("13:00", "16:00"), "P-1050 Införsälj Åmåls Ångbryggeri 🍺").at("Åmål").status("tentative").categories(&["Sälj"]),
        weeks.whole_days(1, FRI, 1, "Kompledig").status("outOfOffice"),
        weeks.timed(2, MON, ("08:00", "16:30"), "P-1042 Driftsättning hos rökeriet").at("Smögenbryggan 4").categories(&["Debiterbart"])
            .saying("Stövlar. Inte vita skor. Inte igen."),
        weeks.timed(2, THU, ("09:00", "10:00"), "P-1042 Hypercare & handhållning").categories(&["Debiterbart"]),
        weeks.timed(4, TUE, ("14:00", "15:00"), "Kompetensdag: Rust för rökare").status("free").categories(&["Utbildning"]),
        weeks.timed(8, WED, ("09:00", "12:00"), "P-1042 Garantiärende, preliminärt").status("tentative"),
        // On their dates.
        timed(on_2027(3, 28), "01:00", on_2027(3, 28), "04:00", "P-1038 Nattjobb: byta databas när ingen ser på").at("Fjärr")
            .saying("Tre timmar på klockan, två i verkligheten. Fakturera två.").categories(&["Debiterbart"]),
        whole_days(on_2027(5, 6), 1, "Kristi himmelsfärdsdag"),
        whole_days(on_2027(12, 23), 9, "Kontoret stängt 🎄").status("outOfOffice"),
    ]
}

#[rustfmt::skip]
pub fn bjorns(weeks: Weeks) -> Vec<Entry> {
    vec![
        weeks.timed(-3, THU, ("09:00", "16:00"), "P-1038 Kabeldragning, våning ½").at("Hovås, hus B").categories(&["Debiterbart"]),
        weeks.timed(-1, MON, ("13:00", "14:30"), "P-1038 Lösenordsbyte för 212 personer"),
        weeks.timed(0, MON, ("09:00", "11:30"), "P-1038 Förberedelser inför v2").categories(&["Debiterbart"]),
        weeks.timed(0, TUE, ("13:00", "16:00"), "P-1044 Kravställning \"enkel\" portal").at("Lerum").categories(&["Debiterbart"]),
        weeks.timed(0, THU, ("09:00", "11:00"), "P-1038 Efterarbete & städning <tmp>").categories(&["Debiterbart"]),
        weeks.timed(0, FRI, ("13:00", "14:00"), "Utvecklingssamtal").at("Karins rum").visible_as("private"),
        weeks.timed(1, TUE, ("08:00", "12:00"), "P-1044 Prototyp i Öckerö färjeläge ⛴️").at("Öckerö").categories(&["Debiterbart"]),
        weeks.timed(2, WED, ("10:00", "11:00"), "P-1044 Beslutsmöte (utan beslut)").status("tentative"),
        whole_days(on_2027(8, 2), 12, "Semester i husvagnen").status("outOfOffice"),
    ]
}
