"""What stands behind a value, as people would say it: ``7 leavers on 45.2 employees on average over 365 days``.

``{n}`` is the numerator, ``{d}`` the denominator of the metric's formula (docs/metrics.md), and ``{span}`` the days or
months that they are counted over.
A metric without an entry is its own count.
"""

from shared.language.language import Language

BEHIND: dict[Language, dict[str, str]] = {
    "en": {
        "leaver_rate": "{n} [leaver|leavers] among {d} [employee|employees] on average over {span}",
        "leaver_rate_own_request": (
            "{n} [leaver|leavers] at own request among {d} [employee|employees] on average over {span}"
        ),
        "internal_move_rate": "{n} [move|moves] out among {d} [employee|employees] on average over {span}",
        "rotation_rate": "{n} [rotation|rotations] out among {d} [employee|employees] on average over {span}",
        "stability": "{n} with at least a year of service, against {d} [employee|employees] a year earlier",
        "starter_survival": "Still here after a year: {n} of {d} new employees, over {span}",
        "tenured_share": "With at least a year of service: {n} of {d} employees",
        "referral_survival": "Still here after a year: {n} of {d} joiners by referral, over {span}",
        "trainee_survival": "Still here after a year: {n} of {d} trainees, over {span}",
        "referral_bonuses": "{n} referral [bonus|bonuses] among {d} [employee|employees] on average over {span}",
        "experience_bonuses": "{n} experience [bonus|bonuses] among {d} [employee|employees] on average over {span}",
        "bonus_cost": "Bonuses of SEK {n} to {d} [person|people] over {span}",
        "sick_rate": "{n} full-time equivalents absent of {d} scheduled, on average over {span}",
        "long_sick_share_live": (
            "After day 60: {n} of {d} full-time equivalents of sickness absence, on average over {span}"
        ),
        "short_spell_rate": "{n} short [spell|spells] among {d} [employee|employees] on average over {span}",
        "agency_share": "Agency staff: {n} of {d} full-time equivalents",
        "agency_cover_share": "Covering vacancies: {n} of {d} full-time equivalents of agency staff",
        "agency_cost_share": "SEK {n} for agency staff against SEK {d} for staff over {span}",
        "vacancy_rate": "Vacant: {n} of {d} full-time equivalents",
        "vacancy_age_days": "{d} open [vacancy|vacancies], open for {n} days together",
        "time_to_start_days": "{d} filled [vacancy|vacancies] in {span}, {n} days from opening to start together",
        "caseload": "{n} open [case|cases] on {d} full-time equivalents of case holders",
        "weighted_caseload": "{n} case [point|points] on {d} full-time equivalents of case holders",
        "staffing_need_fte": "Case points beyond the norm: {n}; a full-time post carries {d}",
        "handover_rate": "{n} [handover|handovers] on {d} open [case|cases] on average over {span}",
        "overtime_share": "Overtime: {n} of {d} hours worked over {span}",
        "overtime_capped_share": "Past 200 hours of overtime this year: {n} of {d} employees",
        "documentation_share": "Documentation: {n} of {d} hours worked over {span}",
        "client_time_share": "Time with clients: {n} of {d} hours worked over {span}",
        "span_of_control": "{n} [employee|employees] on {d} [manager|managers]",
        "led_per_manager": (
            "{n} [person|people] to lead, agency staff and students among them, on {d} [manager|managers]"
        ),
        "introduction_coverage": "Introduction completed in time: {n} of {d} new employees",
        "mentor_coverage": "With a mentor within 14 days: {n} of {d} new employees",
        "check_in_coverage": "With a check-in in the last 60 days: {n} of {d} employees",
        "study_share": "Studying: {n} of {d} full-time equivalents",
        "study_quarter_share": "Study leave of a quarter: {n} of {d} full-time equivalents",
        "senior_share": "Senior: {n} of {d} employees",
        "trainee_share": "Trainees: {n} of {d} employees",
        "incident_rate": "{n} [incident|incidents] on {d} full-time equivalents on average over {span}",
        "serious_incident_rate": (
            "{n} serious [incident|incidents] on {d} full-time equivalents on average over {span}"
        ),
        "threat_rate": "{n} [threat|threats] on {d} full-time equivalents on average over {span}",
        "violence_rate": "{n} [act|acts] of violence on {d} full-time equivalents on average over {span}",
        "pulse_score": "{d} [answer|answers] over {span}",
        "pulse_negative_share": "Negative: {n} of {d} answers over {span}",
        "pulse_response_rate": "Answers: {n} of {d} invited over {span}",
        "pay_median": "Pay of {d} [employee|employees]",
        "pay_quartiles": "A quarter earn more than SEK {n}, a quarter less than SEK {d}",
        "pay_p90_p10": "A tenth earn more than SEK {n}, a tenth less than SEK {d}",
        "pay_gap": "Women's average pay against men's; negative: women have more",
        "entry_pay_median": "Entry pay of {d} new [employee|employees] over {span}",
    },
    "sv": {
        "leaver_rate": "{n} [avgång|avgångar] bland i genomsnitt {d} [anställd|anställda] under {span}",
        "leaver_rate_own_request": (
            "{n} [avgång|avgångar] på egen begäran bland i genomsnitt {d} [anställd|anställda] under {span}"
        ),
        "internal_move_rate": "{n} [byte|byten] till andra enheter bland i genomsnitt {d} [anställd|anställda]"
        " under {span}",
        "rotation_rate": "{n} [byte|byten] av enhet i arbetsrotation bland i genomsnitt {d} [anställd|anställda]"
        " under {span}",
        "stability": "{n} med minst ett års tjänst, mot {d} [anställd|anställda] ett år tidigare",
        "starter_survival": "Kvar efter ett år: {n} av {d} nyanställda, under {span}",
        "tenured_share": "Med minst ett års tjänst: {n} av {d} anställda",
        "referral_survival": "Kvar efter ett år: {n} av {d} anställda på rekommendation, under {span}",
        "trainee_survival": "Kvar efter ett år: {n} av {d} traineer, under {span}",
        "referral_bonuses": "Tipspengar utbetalda {n} [gång|gånger], bland i genomsnitt {d}"
        " [anställd|anställda] under {span}",
        "experience_bonuses": "Erfarenhetstillägg utbetalda {n} [gång|gånger], bland i genomsnitt {d}"
        " [anställd|anställda] under {span}",
        "bonus_cost": "Tillägg för {n} kronor till {d} [person|personer] under {span}",
        "sick_rate": "I genomsnitt {n} årsarbetare frånvarande av {d} planerade under {span}",
        "long_sick_share_live": ("Efter dag 60: i genomsnitt {n} av {d} årsarbetare i sjukfrånvaro under {span}"),
        "short_spell_rate": "{n} [kort sjukfall|korta sjukfall] bland i genomsnitt {d} [anställd|anställda]"
        " under {span}",
        "agency_share": "Konsulter: {n} av {d} årsarbetare",
        "agency_cover_share": "Täcker vakanser: {n} av {d} årsarbetare inhyrd personal",
        "agency_cost_share": "{n} kronor för konsulter mot {d} kronor för personal under {span}",
        "vacancy_rate": "Vakanta: {n} av {d} årsarbetare",
        "vacancy_age_days": "{d} [öppen vakans|öppna vakanser], tillsammans öppna i {n} dagar",
        "time_to_start_days": "{d} [tillsatt vakans|tillsatta vakanser] under {span},"
        " tillsammans {n} dagar från öppning till första dag",
        "caseload": "{n} [öppet ärende|öppna ärenden] på {d} årsarbetare som handlägger",
        "weighted_caseload": "{n} ärendepoäng på {d} årsarbetare som handlägger",
        "staffing_need_fte": "Ärendepoäng utöver normen: {n}; en heltid bär {d}",
        "handover_rate": "{n} [byte|byten] av handläggare på i genomsnitt {d} [öppet ärende|öppna ärenden]"
        " under {span}",
        "overtime_share": "Övertid: {n} av {d} arbetade timmar under {span}",
        "overtime_capped_share": "Över 200 timmars övertid i år: {n} av {d} anställda",
        "documentation_share": "Dokumentation: {n} av {d} arbetade timmar under {span}",
        "client_time_share": "Tid med klienter: {n} av {d} arbetade timmar under {span}",
        "span_of_control": "{n} [anställd|anställda] på {d} [chef|chefer]",
        "led_per_manager": "{n} [person|personer] att leda, med konsulter och studenter, på {d} [chef|chefer]",
        "introduction_coverage": "Introduktionen klar i tid: {n} av {d} nyanställda",
        "mentor_coverage": "Med mentor inom 14 dagar: {n} av {d} nyanställda",
        "check_in_coverage": "Med medarbetarsamtal de senaste 60 dagarna: {n} av {d} anställda",
        "study_share": "Studerar: {n} av {d} årsarbetare",
        "study_quarter_share": "Studieledighet på en fjärdedel: {n} av {d} årsarbetare",
        "senior_share": "Erfarna: {n} av {d} anställda",
        "trainee_share": "Trainee: {n} av {d} anställda",
        "incident_rate": "{n} tillbud på i genomsnitt {d} årsarbetare under {span}",
        "serious_incident_rate": ("{n} [allvarligt|allvarliga] tillbud på i genomsnitt {d} årsarbetare under {span}"),
        "threat_rate": "{n} hot på i genomsnitt {d} årsarbetare under {span}",
        "violence_rate": "{n} [våldshändelse|våldshändelser] på i genomsnitt {d} årsarbetare under {span}",
        "pulse_score": "{d} svar under {span}",
        "pulse_negative_share": "Negativa: {n} av {d} svar under {span}",
        "pulse_response_rate": "Svar: {n} av {d} tillfrågade under {span}",
        "pay_median": "Lönen för {d} [anställd|anställda]",
        "pay_quartiles": "En fjärdedel har mer än {n} kr, en fjärdedel mindre än {d} kr",
        "pay_p90_p10": "En tiondel har mer än {n} kr, en tiondel mindre än {d} kr",
        "pay_gap": "Kvinnors medellön jämförd med mäns; negativt: kvinnor har mer",
        "entry_pay_median": "Ingångslönen för {d} [nyanställd|nyanställda] under {span}",
    },
}
