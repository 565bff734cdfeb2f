import pytest

from rag.ask.kinds import form_of, happened, kind_of
from rag.ask.topics import told

KINDS = {
    "quantity": """
        Combien de puces ont été commandées ?
        How many chips did they order?
        combien h200 chine achetees
        cb de puces pr alibaba
        COMBIEN DE PUCES EN STOCK
        Quel est le plafond par acheteur ?
        Quelle quantité Tencent veut-elle ?
        how mny gpus in the order
        hw many chips were shipped
        What is the cap per buyer?
        conbien de puces sont arrivees
        How big is the buyback?
        quelle est la capacité de la mémoire ?
        nb de puces livrees combien
    """,
    "money": """
        Quel est le prix d'une puce ?
        Combien coûte une puce ?
        combien ca coute
        What's Jensen Huang's salary?
        Quel est le dernier chiffre d'affaires de Nvidia ?
        How much does one unit cost?
        What does an H200 cost in China?
        What price does Nvidia ask?
        Quel chiffre d'affaires Nvidia attend-il ?
        prix h200
        How much revenue does it bring?
        Quel est le montant de l'amende ?
        combien DeepSeek a-t-il investi ?
    """,
    "percentage": """
        What share of sales goes to the Treasury?
        What percentage goes to Washington?
        Quel pourcentage revient à l'État ?
        quelle est la marge de nvidia
        Quelle part des ventes vient de Chine ?
        revenue up how much pct
        What slice of the sales goes to Washington?
        How much of the Chinese market does Nvidia hold?
        What is the fee, as a percentage?
    """,
    "duration": """
        Quelle peine de prison risque-t-il ?
        Pendant combien de temps ont-elles été retenues ?
        How long did the review take?
        cb de temps ca a dure
        Combien de semaines l'arrêt a-t-il duré ?
        how many months until delivery?
    """,
    "when": """
        Quand la licence a-t-elle été accordée ?
        On which date was it signed?
        kand est ce que nvidia livre
        depuis quand
        When will shipments start?
        À quelle date la règle entre-t-elle en vigueur ?
        wen did the ban start
        rule effective since when
        v4 release date
        En quel mois la lettre est-elle partie ?
    """,
    "where": """
        Où la cargaison a-t-elle été retenue ?
        In which city did he speak?
        Dans quelle ville ont-ils signé ?
        where are they assembled?
        d'où viennent ces puces ?
        wher is the plant
        sommet kelle ville
        Vers quel pays les serveurs sont-ils partis ?
    """,
    "why": """
        Pourquoi Pékin hésite-t-il ?
        pk pekin bloque
        Why not?
        Pour quelle raison la règle a-t-elle été retirée ?
        how come nobody bought any
        pourkoi cette interdiction
        What is the reason for the delay?
    """,
    "who": """
        Qui a confirmé l'incident ?
        Which company confirmed it?
        ki a dit ca
        Who signed the letter?
        Quel journal l'a révélé ?
        wich firm makes the memory
        Quelles entreprises ont commandé ?
        à qui Nvidia vend-il ?
    """,
    "said": """
        What did Jensen Huang say about demand?
        What did Jensen Huang have to say about where Nvidia stands?
        Que dit Jensen Huang ?
        Qu'a répondu Pékin ?
        What does Lutnick think of it?
        Quelle est la réaction de Pékin ?
        How did Beijing react?
    """,
    "yes_no": """
        As of 20 January, was China letting the chips through?
        Late January: did Nvidia have orders or not?
        Aujourd'hui, Nvidia vend des H200 en Chine, oui ou non ?
        Au 12 janvier, est-ce que les groupes pouvaient commander ?
        Est-ce que Pékin a donné une raison ?
        Pékin a-t-il donné une raison ?
        Did Beijing say anything when asked?
        Is that still true?
        Est-ce toujours vrai ?
        eske nvidia a livre
        Is the H200 banned?
        Peut-on encore en acheter ?
        En mai 2026, était-ce permis, les ventes étaient-elles ouvertes ?
        By 20 May 2026, had any chip been shipped?
    """,
    "what": """
        Quelles conditions l'acheteur doit-il remplir ?
        c koi la regle us pr les h200
        Où en est la livraison ?
        Where do deliveries stand?
        Que sait-on de la suite ?
        What does the bill require?
        Comment la règle a-t-elle changé ?
    """,
    "small_talk": """
        bonjour
        What can you do?
        Merci beaucoup !
        slt
        thx
        Tu peux faire quoi ?
        How are you?
        tu es qui ?
        Thank you so much
        comment ca marche ?
        hello there
        super, merci
    """,
    "empty": """
        ?!
        ...
    """,
}

FORMS = {
    "state": """
        Is the H200 allowed in China?
        La Chine interdit-elle la H200 ?
        Où en est la livraison des puces ?
        Quel est le statut des licences ?
        Peut-on encore acheter des H200 en Chine ?
        h200 autorisee en chine ?
        h200 interdite ou pas
        What is the current US rule on the H200?
        Can Chinese companies buy the H200?
        Is the ban still in force?
        Les douanes bloquent-elles toujours les puces ?
        Has any H200 been delivered yet?
        Est-ce toujours vrai ?
        c koi la regle us pr les h200
        Where does the deal stand?
        Les livraisons sont-elles suspendues ?
        Qui bloque la vente ?
        Who is blocking the sale?
        Do buyers need a licence?
        Nvidia a-t-il le droit de vendre en Chine ?
        what's the latest on the H200 ban?
        Quelle est la position actuelle de Pékin ?
    """,
    "evolution": """
        Comment a évolué la position de Pékin ?
        Retrace l'histoire de la licence
        Chronologie des livraisons
        Timeline of the export rules
        What changed between January and May 2026?
        Quelles ont été les étapes de l'affaire ?
        How has the US rule changed since December?
        history of the H200 licence
        Qu'est-ce qui a changé depuis janvier ?
        Walk me through the ban
        What happened to the draft rule?
        Comment est-on passé de l'interdiction au feu vert ?
        Que s'est-il passé de janvier à juin ?
        evolution du dossier h200
        Trace the position of Beijing over time
        Qu'est devenu le projet de règle ?
        Where has AMD stood on selling chips in China, from the deal of summer 2025 to February 2026?
        What moved between the February and the May results?
        How has ByteDance's path to the H200 gone since January?
        Où en était la règle, entre fin février et mi-mars 2026 ?
        Les commandes de la fin décembre à la mi-mars : raconte
        comment les règles d'exportation ont bougé depuis novembre
        Raconte les allers-retours entre la douane et les importateurs, mois par mois
        Comment le ton du Sénat s'est-il durci ?
        Comment en est-on venu à bloquer les puces ?
        Donne-moi les grandes dates de la licence
        Qu'ont dit tour à tour les deux ministères ?
        Les puces ont d'abord été bloquées, puis admises, puis quoi ?
        Je n'étais pas là en mai : qu'est-ce que j'ai raté ?
        Le prélèvement, de son annonce à aujourd'hui
        Quelles décisions se sont succédé sur la licence ?
        Tu peux me résumer semaine après semaine ce qui est arrivé aux commandes ?
        Has the forecast moved? Show me every change.
        Catch me up on the smuggling case
        What did Huang say, from his first visit to his latest?
        How did the firm end up cancelling its order?
        Each time the rule was loosened, how did Beijing react?
        How have the estimates been revised over the past months?
        Key dates of the customs block
        What moves has Congress made to stop the sales?
        A rundown of the licensing process, with dates
        How did a notice in one port snowball into a halt?
        How has pushback in Congress built up since December 2025?
        Comment les prix ont-ils monté depuis l'accord ?
        Did the terms change in January? I want the before, during and after.
        From late 2025 to spring 2026: Huawei's gains
    """,
    "conflict": """
        Les sources se contredisent-elles sur l'interdiction ?
        Does everyone agree that it was banned?
        Qui conteste ce chiffre ?
        Who disputes the figure?
        Is it confirmed that China banned the H200?
        Y a-t-il des versions divergentes ?
        Selon qui les puces sont-elles interdites ?
        Do the reports agree?
        Tout le monde dit-il la même chose ?
        Are there conflicting reports on the fee?
        Est-il confirmé que Pékin a interdit la puce ?
        Was the chip banned or only discouraged?
        Les médias sont-ils d'accord sur la date ?
        according to whom was it banned?
        Who denied it?
        A-t-elle été interdite ou simplement déconseillée ?
        From how many chips: do the write-ups match?
        Info ou intox : la puce est-elle interdite ?
        Qui croire sur le nombre de puces ?
        Que dit chaque camp sur la taxe ?
        Le montant change-t-il d'un article à l'autre ?
        Y a-t-il un doute sur la date ?
        J'ai lu tout et son contraire sur la licence
        Tout le monde raconte la même chose sur le quota ?
        Quels sont les arguments pour et contre la vente ?
        Fact-check: did they order two million?
        Is the date of the rule settled?
        Some say the block was total. Was it?
        Who should I believe on the market share?
        Does anybody give another figure for the share?
        How solid is the figure of two million?
        Are there competing explanations for the halt?
        Céder ces puces, est-ce bon pour l'Amérique ? Qui dit oui, qui dit non ?
        Do other accounts place it earlier?
        D'autres récits placent-ils l'accord plus tôt ?
    """,
    "list": """
        Quelles entreprises ont commandé des puces ?
        Which companies were approved?
        List the conditions
        Lesquelles ?
        Liste des acheteurs
        Name the buyers
        Quelles sont les conditions de la licence ?
        What are the requirements?
        Quels pays sont touchés ?
        Which other firms applied?
        Cite les fournisseurs
        Who else bought some?
        Qui d'autre a commandé ?
        which ones
    """,
    "definition": """
        Qu'est-ce que CXMT ?
        What is CXMT?
        c koi CXMT
        What is the H200?
        C'est quoi la H20 ?
        Who is Howard Lutnick?
        Qui est Colette Kress ?
        What does KYC mean?
        Que signifie HBM ?
        Définition de HBM
        what's a GPU?
    """,
    "fact": """
        Combien de puces ont été commandées ?
        Did ByteDance order some in January 2026?
        Quand la licence a-t-elle été accordée ?
        What is the price of an H200?
        Pourquoi Pékin hésite-t-il ?
        prix h200
        Qui a signé la lettre ?
        What did Huang say in Taipei?
        Quelle est la mémoire de la H200 ?
        Where did the summit take place?
        c koi le prix de la h200
        Quel est le plafond par acheteur ?
        Combien de puces ont été commandées entre décembre et février ?
        Comment les puces sont-elles expédiées depuis Hong Kong ?
        Comment accéder aux GPU depuis la Chine ?
        How have firms trained their models since they cannot buy the chip?
        What is the plan for Jensen Huang's succession?
        How did smugglers mount the chips on servers?
        La Chine a-t-elle d'autres sources de puces ?
        When did reports of smuggling reach the court?
        Who says no to the exports?
        How many did they order between January and March?
        What does "case-by-case review" cost a buyer?
        Qui a livré la première puce ?
        What did the ministry say on 3 February?
        Comment s'appelle le cofondateur ?
        De combien l'action a-t-elle baissé à la suite de l'annonce ?
        Combien de sociétés établies à Hong Kong sont sanctionnées ?
        How much was the lawsuit settled for?
        What holds up the shipments?
        Sans aucun doute, quel est le prix de la H200 ?
        I have heard that the price rose. What is the price?
        How did Nvidia's revenue grow?
        How is the chip cooled?
        Which steps are required for a licence?
        Which way did the Senate vote?
        Comment monter un serveur H200 ?
        bonjour
    """,
}


def lines(table):
    return [(line.strip(), label) for label, block in table.items() for line in block.strip().splitlines()]


@pytest.mark.parametrize(("text", "kind"), [*lines(KINDS), ("", "empty")])
def test_what_a_question_asks_for(text, kind):
    assert kind_of(text) == kind


@pytest.mark.parametrize(("text", "form"), lines(FORMS))
def test_what_shape_its_answer_has(text, form):
    assert form_of(text) == form


def test_a_polite_opening_changes_nothing():
    assert kind_of("Can you tell me who signed it?") == "who"
    assert form_of("Can you tell me which companies were approved?") == "list"
    assert form_of("Peux-tu me dire comment la règle a évolué ?") == "evolution"


@pytest.mark.parametrize(
    ("question", "lang", "about"),
    [
        ("Had any chips left by May, or do accounts conflict on that?", "en", "Had any chips left by May"),
        ("How big was the order, and do the articles agree on the amount?", "en", "How big was the order"),
        ("Do the sources agree on who blocked the chips?", "en", "blocked the chips"),
        ("Les médias sont-ils d'accord sur la date du blocage ?", "fr", "la date du blocage"),
        ("Dix par acheteur ? Les articles donnent-ils le même plafond ?", "fr", "Dix par acheteur"),
        ("Do the articles agree?", "en", "Do the articles agree?"),
        ("Which reports did Reuters publish?", "en", "Which reports did Reuters publish"),
    ],
)
def test_whether_those_who_tell_it_agree_is_no_part_of_what_is_told(question, lang, about):
    assert told(question, lang) == about


@pytest.mark.parametrize(
    ("text", "kind", "form"),
    [
        ("How many chips from Nvidia may go to China before June?", "quantity", "fact"),
        ("Did Nvidia decide in March to stop production before May?", "yes_no", "fact"),
        ("Combien de puces pouvaient être livrées jusqu'en mars 2026 ?", "quantity", "fact"),
        ("Why did Nvidia's stock price fall after the ban?", "why", "fact"),
        ("Qui risque une peine de prison ?", "who", "fact"),
        ("Who decides whether the chips ship or not?", "who", "fact"),
        ("Quand saura-t-on si les puces entrent ou non ?", "when", "fact"),
        ("What was Nvidia's share price?", "money", "fact"),
    ],
)
def test_a_cue_of_another_kind_does_not_carry_it_away(text, kind, form):
    assert (kind_of(text), form_of(text)) == (kind, form)


@pytest.mark.parametrize(
    ("text", "did"),
    [
        ("Quand est-ce que Washington a abandonné son projet ?", True),
        ("Est-ce que Nvidia a le droit de vendre ?", False),
        ("Est-ce que Nvidia livre à Shanghai ?", False),
        ("Est-ce qu'il y a une taxe ?", False),
    ],
)
def test_what_happened_is_told_from_what_is(text, did):
    assert happened(text) == did
