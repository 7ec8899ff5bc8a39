"""What each command does, in Swedish: by the words that lead to it. In English its docstring says it."""

COMMANDS: dict[str, str] = {
    "": "Följer bemanningen i kommunens socialtjänst och varnar innan ett löfte i handlingsplanen bryts."
    "\n\nTalar svenska. In English: --language en.",
    "compute": "Räkna ut alla mått på en dag ur en logg med händelser.\n\n"
    "Loggen räknas som den står, också det som ligger i framtiden, som ingest skulle avvisa: det sägs i så fall.",
    "chart": "Rita styrdiagrammet för ett mått, en punkt per månad: vad som är normal variation, och vad som inte är"
    " det.",
    "evaluate": "Säg om en åtgärd i en plan hjälpte: bättre, inget visat, sämre, eller går inte att säga.\n\n"
    "Slutar med 1 om en plan inte kan köras, med 2 om det inte finns något att utvärdera.",
    "simulate": "Skriv händelserna i en simulerad kommuns socialtjänst.",
    "publish": "Skicka händelserna i filer, som en leverans. Slutar med 1 om någon inte godtogs, med 2 om det inte"
    " gick att fortsätta.\n\n"
    "En leverans som avbröts görs fullständig av samma kommando. Det som kommer på stdin hör inte till någon leverans.",
    "deliveries": "Lista leveranser som inte är fullständiga: hur mycket som har kommit, och hur länge resten"
    " inväntas.\n\n"
    "En leverans görs fullständig av det kommando som skickade den. Slutar med 2 om tjänsten inte svarar.",
    "anomalies": "Lista det som motsäger vad som annars är känt: hur ofta, vad som bör göras, vems det är och vilka"
    " händelser som har del i det.\n\n"
    "Rätta det i det system som det kom från. Slutar med 2 om tjänsten inte svarar.",
    "up": "Starta Kafka, PostgreSQL, brevlådan och tjänsterna, och stoppa dem vid Ctrl-C.\n\n"
    "KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL och SMTP_URL pekar ut servrar att använda i stället för egna.",
    "backup": "Kopiera databasen och de ämnen som inte kan göras om, medan tjänsterna kör.\n\n"
    "Använder DATABASE_URL, KAFKA_BOOTSTRAP_SERVERS och STADGA_TENANT, annars det som kör här. Slutar med 1 om det"
    " inte går som det är nu, med 2 om databasen eller Kafka inte svarar eller mappen inte kan skrivas: då finns inget"
    " kvar som kan tas för en säkerhetskopia.",
    "restore": "Lägg tillbaka en säkerhetskopia i en tom databas och tomma ämnen, när ingen tjänst kör. Kan köras"
    " om.\n\n"
    "Använder DATABASE_URL, KAFKA_BOOTSTRAP_SERVERS, STADGA_TENANT och STADGA_REPLICATION, annars det som kör här."
    " Varje fil kontrolleras innan något ändras. Slutar med 1 om det inte går som det är nu, med 2 om databasen eller"
    " Kafka inte svarar.",
    "demo": "Spela upp tre år i en kommun där det går fel i en enhet, och visa larmet.\n\n"
    "Demon har en egen Kafka, en egen PostgreSQL och en egen brevlåda, som börjar tomma varje gång.",
    "access": "Vem som får göra vad.",
    "access check": "Skriv varje fel som FILE:LINE:COLUMN, eller en sammanfattning. Slutar med 1 om filen inte kan"
    " användas, med 2 utan fil.",
    "dead-letters": "Meddelanden som tjänsterna har lagt åt sidan.",
    "dead-letters list": "Säg var, varför och sedan när, men aldrig vad ett meddelande säger. Slutar med 2 om en"
    " tjänst inte svarar.",
    "dead-letters show": "Visa ett meddelande som det kom, som JSON; det kan gälla en person. Slutar med 2 om det"
    " inte finns eller ingen svarar.",
    "dead-letters retry": "Låt tjänsten ta emot meddelanden igen; de som den tar är inte längre åt sidan.\n\n"
    "Slutar med 1 om något är kvar, med 2 om en tjänst inte svarar.",
    "dead-letters add": "Lägg det meddelande åt sidan som en tjänst stannar vid, så att den går vidare. Alla andra"
    " tar den emot som vanligt.\n\n"
    "Slutar med 2 om tjänsten inte svarar.",
    "import": "Det som lönesystem exporterar (CSV, Excelfiler, PAXml), som händelser.",
    "import employments": "Anställningar ur en CSV-fil eller en Excelfil: början, villkor och slut.\n\n"
    "Slutar med 1 om något inte gick att förstå eller inte godtogs, med 2 om inget kunde göras.",
    "import paxml": "Tidtransaktioner ur PAXml: frånvaro som perioder, timmar som rapporter.\n\n"
    "Slutar med 1 om något inte gick att förstå eller inte godtogs, med 2 om inget kunde göras.",
    "keys": "Personers nycklar, som händelser förseglas med.",
    "keys rotate": "Lås varje persons nyckel på nytt med den första huvudnyckeln i STADGA_MASTER_KEY_FILE, medan"
    " tjänsterna kör.\n\n"
    "Använder KAFKA_BOOTSTRAP_SERVERS och STADGA_TENANT, annars det som kör här. Kan avbrytas och köras om. Slutar"
    " med 1 om en huvudnyckel saknas eller en nyckel inte kan öppnas, med 2 om Kafka inte svarar.",
    "mails": "Mejl från tjänsten alerts.",
    "mails list": "Skriv de mejl som är i ett läge, det senaste först, ett per rad: id, mottagare, orsak, plan,"
    " enhet, senaste fel.",
    "mails retry": "Skicka mejl som misslyckades igen; skriver hur många.",
    "mails stopped": "Skriv vilka som inte får mejl längre sedan ett kom tillbaka, en per rad: mottagare, plan, sedan"
    " när, varför.",
    "mails resume": "Skicka igen till en mottagare vars mejl kom tillbaka; skriver hur många adresser det öppnar.",
    "metrics": "Tjänsten metrics.",
    "metrics realign": "Läs hr.events från början där det har gått förlorat, lagts tillbaka eller fått andra"
    " partitioner. Det som redan är känt ändrar inget.\n\n"
    "Använder KAFKA_BOOTSTRAP_SERVERS, DATABASE_URL och STADGA_TENANT. Slutar med 1 om någon av dem är fel, med 2 om"
    " Kafka eller databasen inte nås.",
    "person": "Vad som är känt om en person, och att radera det.",
    "person export": "Säg vad som är känt om en person: händelser, vad de räknas till, vad som motsäger resten, vad"
    " som ligger åt sidan.\n\n"
    "Kräver en token med rätten persons:manage hos båda tjänsterna. Slutar med 2 om någon av dem inte svarar.",
    "person erase": "Radera en person: händelser, uppgifter och meddelanden åt sidan försvinner, summorna finns kvar"
    " utan personen.\n\n"
    "Visar först vad som försvinner. Kan köras om när som helst: det fortsätter där det var, och förstör nycklarna"
    " till det som har kommit sedan dess. Den som är anställd i dag eller senare raderas inte. Slutar med 1 om inget"
    " bekräftades, med 2 om en tjänst vägrar eller inte svarar.",
    "plan": "Handlingsplaner.",
    "plan check": "Skriv varje fel som FILE:LINE:COLUMN, eller en sammanfattning; varna för mål som inget hörs om"
    " än.\n\n"
    "Med en logg sägs hur ofta varje mål skulle larma fast inget förändras, och vad utvärderingar skulle kunna visa."
    " Slutar med 1 om en plan inte kan köras, med 2 utan fil.",
    "plan adopt": "Låt en text av en plan gälla fast en nyare gäller. Slutar med 1 om det vägras, med 2 utan fil.",
    "plan backtest": "Varje larm som planer skulle ha gett på en logg eller av tjänsten, prövat dag för dag som"
    " tjänsterna gör.\n\n"
    "Varje dag prövas på det som var känt på kvällen, eller som tjänsten metrics hade tagit emot. Två versioner av en"
    " plan visas bredvid varandra. Slutar med 1 om en plan inte kan köras, med 2 utan en plan, en händelse, en fil"
    " eller ett svar.",
    "propose": "Förslag att besluta om.",
    "propose staffing": "Fördela tjänster på verksamheter efter viktad ärendemängd, en kvarts tjänst i taget, bredvid"
    " vad de har i dag.\n\n"
    "Slutar med 2 om det inte finns något att föreslå.",
    "report": "Rapporter som lagen kräver.",
    "report sickness": "Årets redovisning av sjukfrånvaro: SKR:s nyckeltal 1-7, små grupper dolda.\n\n"
    "Slutar med 2 om det inte finns något att redovisa.",
    "report pay-gap": "Löneskillnaden mellan kvinnor och män: uppgifterna a-g i direktiv (EU) 2023/970, små grupper"
    " dolda.\n\n"
    "För alla, efter yrke, och efter kategori av lika arbete. Slutar med 2 om det inte finns något att berätta.",
    "sources": "Registret över källsystem: vem som levererar vad, hur ofta.",
    "sources check": "Skriv varje fel som FILE:LINE:COLUMN, eller en sammanfattning. Slutar med 1 om registret inte"
    " kan användas, med 2 utan fil.",
    "sources propose": "Skriv ett register som händelserna antyder det: en leveranstakt för varje källsystem och"
    " slag; kontakter får fyllas i.\n\n"
    "Slutar med 2 om det inte finns något att föreslå.",
    "topics": "Ämnen i Kafka.",
    "topics repartition": "Kopiera hr.events till så många partitioner, efter nyckel. Stoppa ingest, metrics och"
    " alerts först; kan köras om.\n\n"
    "Använder KAFKA_BOOTSTRAP_SERVERS och STADGA_TENANT. Slutar med 1 om det inte går som det är nu, med 2 om ingen"
    " broker svarar.",
}
