"""What stands behind a value, as people would say it: ``7 leavers on 45.2 employees on average over 365 days``.

``{n}`` is the numerator, ``{d}`` the denominator and ``{days}`` the window of the metric's formula (docs/metrics.md).
A metric without an entry is its own count.
"""

from services.alerts.domain.occasion import Language

BEHIND: dict[Language, dict[str, str]] = {
    "en": {
        "leaver_rate": "{n} [leaver|leavers] among {d} [employee|employees] on average over {days} days",
        "leaver_rate_own_request": (
            "{n} [leaver|leavers] at own request among {d} [employee|employees] on average over {days} days"
        ),
        "internal_move_rate": "{n} [move|moves] out among {d} [employee|employees] on average over {days} days",
        "stability": "{n} with at least a year of service, against {d} [employee|employees] a year earlier",
        "starter_survival": "Still here after a year: {n} of {d} new employees, over {days} days",
        "tenured_share": "With at least a year of service: {n} of {d} employees",
        "referral_survival": "Still here after a year: {n} of {d} joiners by referral, over {days} days",
        "trainee_survival": "Still here after a year: {n} of {d} trainees, over {days} days",
        "sick_rate": "{n} full-time equivalents absent of {d} scheduled, on average over {days} days",
        "long_sick_share_live": (
            "After day 60: {n} of {d} full-time equivalents of sickness absence, on average over {days} days"
        ),
        "short_spell_rate": "{n} short [spell|spells] among {d} [employee|employees] on average over {days} days",
        "agency_share": "Agency staff: {n} of {d} full-time equivalents",
        "agency_cover_share": "Covering vacancies: {n} of {d} full-time equivalents of agency staff",
        "agency_cost_share": "SEK {n} for agency staff against SEK {d} for staff over {days} days",
        "vacancy_rate": "Vacant: {n} of {d} full-time equivalents",
        "vacancy_age_days": "{d} open [vacancy|vacancies], open for {n} days together",
        "time_to_start_days": "{d} filled [vacancy|vacancies] in {days} days, {n} days from opening to start together",
        "caseload": "{n} open [case|cases] on {d} full-time equivalents of case holders",
        "weighted_caseload": "{n} case [point|points] on {d} full-time equivalents of case holders",
        "staffing_need_fte": "Case points beyond the norm: {n}; a full-time post carries {d}",
        "handover_rate": "{n} [handover|handovers] on {d} open [case|cases] on average over {days} days",
        "overtime_share": "Overtime: {n} of {d} hours worked over {days} days",
        "overtime_capped_share": "Past 200 hours of overtime this year: {n} of {d} employees",
        "documentation_share": "Documentation: {n} of {d} hours worked over {days} days",
        "client_time_share": "Time with clients: {n} of {d} hours worked over {days} days",
        "span_of_control": "{n} [employee|employees] on {d} [manager|managers]",
        "introduction_coverage": "Introduction completed in time: {n} of {d} new employees",
        "mentor_coverage": "With a mentor within 14 days: {n} of {d} new employees",
        "check_in_coverage": "With a check-in in the last 60 days: {n} of {d} employees",
        "study_share": "Studying: {n} of {d} full-time equivalents",
        "senior_share": "Senior: {n} of {d} employees",
        "trainee_share": "Trainees: {n} of {d} employees",
        "incident_rate": "{n} [incident|incidents] on {d} full-time equivalents on average over {days} days",
        "serious_incident_rate": (
            "{n} serious [incident|incidents] on {d} full-time equivalents on average over {days} days"
        ),
        "pulse_score": "{d} [answer|answers] over {days} days",
        "pulse_negative_share": "Negative: {n} of {d} answers over {days} days",
        "pulse_response_rate": "Answers: {n} of {d} invited over {days} days",
        "pay_median": "Pay of {d} [employee|employees]",
        "pay_quartiles": "A quarter earn more than SEK {n}, a quarter less than SEK {d}",
        "pay_p90_p10": "A tenth earn more than SEK {n}, a tenth less than SEK {d}",
        "entry_pay_median": "Entry pay of {d} new [employee|employees] over {days} days",
    },
    "sv": {
        "leaver_rate": "{n} [avgång|avgångar] bland i genomsnitt {d} [anställd|anställda] under {days} dagar",
        "leaver_rate_own_request": (
            "{n} [avgång|avgångar] på egen begäran bland i genomsnitt {d} [anställd|anställda] under {days} dagar"
        ),
        "internal_move_rate": "{n} [byte|byten] till andra enheter bland i genomsnitt {d} [anställd|anställda]"
        " under {days} dagar",
        "stability": "{n} med minst ett års tjänst, mot {d} [anställd|anställda] ett år tidigare",
        "starter_survival": "Kvar efter ett år: {n} av {d} nyanställda, under {days} dagar",
        "tenured_share": "Med minst ett års tjänst: {n} av {d} anställda",
        "referral_survival": "Kvar efter ett år: {n} av {d} anställda på rekommendation, under {days} dagar",
        "trainee_survival": "Kvar efter ett år: {n} av {d} traineer, under {days} dagar",
        "sick_rate": "I genomsnitt {n} årsarbetare frånvarande av {d} planerade under {days} dagar",
        "long_sick_share_live": ("Efter dag 60: i genomsnitt {n} av {d} årsarbetare i sjukfrånvaro under {days} dagar"),
        "short_spell_rate": "{n} [kort sjukfall|korta sjukfall] bland i genomsnitt {d} [anställd|anställda]"
        " under {days} dagar",
        "agency_share": "Konsulter: {n} av {d} årsarbetare",
        "agency_cover_share": "Täcker vakanser: {n} av {d} årsarbetare inhyrd personal",
        "agency_cost_share": "{n} kronor för konsulter mot {d} kronor för personal under {days} dagar",
        "vacancy_rate": "Vakanta: {n} av {d} årsarbetare",
        "vacancy_age_days": "{d} [öppen vakans|öppna vakanser], tillsammans öppna i {n} dagar",
        "time_to_start_days": "{d} [tillsatt vakans|tillsatta vakanser] under {days} dagar,"
        " tillsammans {n} dagar från öppning till första dag",
        "caseload": "{n} [öppet ärende|öppna ärenden] på {d} årsarbetare som handlägger",
        "weighted_caseload": "{n} ärendepoäng på {d} årsarbetare som handlägger",
        "staffing_need_fte": "Ärendepoäng utöver normen: {n}; en heltid bär {d}",
        "handover_rate": "{n} [byte|byten] av handläggare på i genomsnitt {d} [öppet ärende|öppna ärenden]"
        " under {days} dagar",
        "overtime_share": "Övertid: {n} av {d} arbetade timmar under {days} dagar",
        "overtime_capped_share": "Över 200 timmars övertid i år: {n} av {d} anställda",
        "documentation_share": "Dokumentation: {n} av {d} arbetade timmar under {days} dagar",
        "client_time_share": "Tid med klienter: {n} av {d} arbetade timmar under {days} dagar",
        "span_of_control": "{n} [anställd|anställda] på {d} [chef|chefer]",
        "introduction_coverage": "Introduktionen klar i tid: {n} av {d} nyanställda",
        "mentor_coverage": "Med mentor inom 14 dagar: {n} av {d} nyanställda",
        "check_in_coverage": "Med medarbetarsamtal de senaste 60 dagarna: {n} av {d} anställda",
        "study_share": "Studerar: {n} av {d} årsarbetare",
        "senior_share": "Erfarna: {n} av {d} anställda",
        "trainee_share": "Trainee: {n} av {d} anställda",
        "incident_rate": "{n} tillbud på i genomsnitt {d} årsarbetare under {days} dagar",
        "serious_incident_rate": (
            "{n} [allvarligt|allvarliga] tillbud på i genomsnitt {d} årsarbetare under {days} dagar"
        ),
        "pulse_score": "{d} svar under {days} dagar",
        "pulse_negative_share": "Negativa: {n} av {d} svar under {days} dagar",
        "pulse_response_rate": "Svar: {n} av {d} tillfrågade under {days} dagar",
        "pay_median": "Lönen för {d} [anställd|anställda]",
        "pay_quartiles": "En fjärdedel har mer än {n} kr, en fjärdedel mindre än {d} kr",
        "pay_p90_p10": "En tiondel har mer än {n} kr, en tiondel mindre än {d} kr",
        "entry_pay_median": "Ingångslönen för {d} [nyanställd|nyanställda] under {days} dagar",
    },
}
