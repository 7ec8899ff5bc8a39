"""The ways in which a promise of a plan is broken: what becomes of a unit's conditions at its worst."""

from cli.simulation.trouble import Trouble

PEOPLE_LEAVE = Trouble({"resignations": 0.6}, builds_up=1)
THE_EXPERIENCED_LEAVE = Trouble({"resignations": 0.7, "experienced_first": 1, "promotions": 0}, builds_up=1)
A_TRADE_LEAVES = Trouble({"resignations": 4, "hiring": 0}, builds_up=1)
"""So many that nobody is left after some months, and nobody follows."""
MANAGERS_LEAVE = Trouble({"managers_leave": 1, "managers_hired": 0}, builds_up=1)
TRAINEES_LEAVE = Trouble({"trainees_leave": 1}, builds_up=1)
REFERRALS_LEAVE = Trouble({"referrals_leave": 1}, builds_up=1)

NO_TRAINEES = Trouble({"trainee_fill": 0, "beginners": 0}, builds_up=1)
NO_REFERRALS = Trouble({"referral_fill": 0}, builds_up=1)
NO_CONVERSIONS = Trouble({"conversion": 0}, builds_up=1)
NO_MOVES = Trouble({"internal_fill": 0, "lets_go": 0}, builds_up=1)
NO_STUDIES = Trouble({"studies": 0}, builds_up=1)
NO_BONUSES = Trouble({"referral_bonus": 0, "experience_bonus": 0}, builds_up=1)
NO_STUDENTS = Trouble({"students": 0}, builds_up=1)
NO_POOL = Trouble({"pool": 0}, builds_up=1)
NO_INTRODUCTIONS = Trouble({"introduced": 0}, builds_up=1)
NO_MENTORS = Trouble({"mentored": 0}, builds_up=1)
NO_TALKS = Trouble({"missed_talks": 0.9})

POSTS_LEFT_OPEN = Trouble({"hiring": 0, "readvertising": 0}, builds_up=1)
CONSULTANTS_ON_VACANCIES = Trouble({"cover": 2, "extra_consultants": 0}, builds_up=1)
CONSULTANTS_EVERYWHERE = Trouble({"cover": 6, "extra_consultants": 12, "hiring": 0.3})

OVERLOAD = Trouble({"load": 1.6})
SLIGHT_OVERLOAD = Trouble({"load": 1.3})
OVERTIME = Trouble({"overtime": 30})
PAPERWORK = Trouble({"documentation": 0.6, "client_time": 0.12})
LESS_PAPERWORK = Trouble({"documentation": 0.38}, builds_up=1)
"""A measure that helps: the only one of these that makes something better."""
CASES_CHANGE_HANDS = Trouble({"churn": 4})
THREATS = Trouble({"incidents": 12, "violence": 0.35})
DISCONTENT = Trouble({"pulse": 38, "answering": 0.6})

UNEQUAL_RAISES = Trouble({"raise_of_men": 0.09}, builds_up=1)
LEVELLED_PAY = Trouble({"levelling": 0.8}, builds_up=1)
OVERBIDDING = Trouble({"entry_pay": 39_000}, builds_up=1)
UNDERBIDDING = Trouble({"entry_pay": 29_000}, builds_up=1)
