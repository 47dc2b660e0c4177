"""First names that are frequent in English- and German-speaking countries, and forms of address.

They only tell a column of people from one of things that is called ``name`` too, so the frequent
ones do: of real tables far more than the needed share of rows has one of them.
"""

from __future__ import annotations

_FIRST = """
aaron abigail ada adam adele ahmed alan albert alex alexander alexandra alfred ali alice alicia
alina allen amanda amelia amina amy ana anastasia andrea andreas andrew angela anita anja anke ann
anna anne annette anthony anton antonia antonio arthur astrid ayse barbara beate ben benedikt
benjamin bernd bernhard bettina betty birgit björn bob brandon brian brigitte bruce carl carla
carlos carmen carol caroline catherine charles charlotte chloe christian christina christine
christopher clara claudia cynthia daniel daniela david deborah dennis diana dieter dirk dominik
donald donna doris dorothea dorothy edward eleanor elena elias elisabeth elizabeth ella emil emily
emma emmy eric erich erika ernst esther ethan eva evelyn fatima felix finn florian frances francis
frank franz frederick friedrich fritz gabriel gabriele george gerald gerhard gertrud gisela gloria
grace greta guenter günter günther hana hanna hannah hans harald harold harry heather heidi heike
heinrich heinz helen helena helga helmut henry herbert hermann hilda hildegard holger horst hugo
ida ines inge ingrid irene isabel isabella isla ivan jack jacob jacqueline jakob james jamie jan
jana jane janet janine jasmin jason jean jeffrey jennifer jens jessica jill jim joachim joan
joanna jochen joerg johann johanna johannes john jonas jonathan jose josef joseph joshua joyce
juan judith judy juergen julia julian justin jörg jürgen kai karen karin karl karla katharina
katherine kathleen kathrin katja katrin keith kelly ken kenneth kerstin kevin klara klaus konrad
kurt kyle lara larry laura lauren lea lena leo leon leonie liam lidia lina linda lisa lise logan
louis louise luca lucas lucia lucy luis luisa lukas luke lydia madison maja manfred manuel manuela
mara marc marcel marco marcus margaret margarete maria mariam marie marina mario marion mark
markus marlene martha martin martina mary maryam mateo mathias matilda matteo matthew matthias max
maximilian megan mehmet melanie melissa mia michael michaela michelle miguel mike mila milan
mohamed mohammad mohammed monica monika muhammad mustafa nadine nadja nancy natalia natalie
natasha nathan nicholas nico nicolas nicole niels nina noah nora norbert olaf ole oliver olivia
omar oscar oskar otto pamela patricia patrick paul paula pauline pedro peter petra philip philipp
phoebe pia rachel rafael rainer ralf ralph raymond rebecca regina reinhard renate richard rita
robert robin roger roland rolf ronald rosa rose roy rudolf russell ruth ryan sabine sally samantha
samuel sandra sara sarah scott sean sebastian sergei shirley silke silvia simon simone sofia sonja
sophia sophie stefan stefanie steffen stephan stephanie stephen steven susan susanne sven svenja
sylvia tanja teresa theodor theresa thomas thorsten tim timo timothy tina tobias tom tomas torsten
tyler udo ulrich ulrike ursula ute uwe valentina vanessa vera verena veronika victor victoria
viktor vincent virginia volker walter waltraud wayne werner wilhelm william willie wolfgang xaver
yara yasmin yusuf yvonne zoe
"""
_FORMS = "dr frau herr lady madame master miss mlle mme mr mrs ms prof rev sir"

FIRST_NAMES = frozenset(_FIRST.split())
TITLES = frozenset(_FORMS.split())
"""Forms of address."""
