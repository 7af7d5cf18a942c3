"""Forms of one given name, and spellings of one family name: a line each."""

from __future__ import annotations

# A line: ways to write or shorten one given name, or a family name that goes by several spellings.
GROUPS = """
alexander alex alexandr aleksandr oleksandr sasha sascha alejandro alessandro iskander sander xander
alexandra sandra sasha aleksandra alessandra
alexei alexey aleksei oleksii alyosha alexis
andrew andrei andrey andreas andre andres andrzej andrii andrej drew andy
anthony antonio anton antoine tony antoni
barack barry
benjamin ben benny bibi binyamin benyamin
bernard bernhard bernardo bernie
catherine katherine kathryn kate katie kathy cathy katya ekaterina yekaterina kateryna catalina katarina
charles charlie carlos carl karl karel carlo chuck
christopher chris christoph christophe cristobal kit
christina christine kristina cristina tina
daniel dan danny danila
david dave davide davit dawid
dmitry dmitri dmytro dima dimitri dimitrios
edward ed eddie eduard eduardo ted ned
elizabeth liz lisa beth betty elisabeth yelizaveta elizaveta isabel
emmanuel manuel emanuel manny
eugene evgeny yevgeny yevgeni evgenii yevhen gene
francis frank francisco francesco francois franz paco
frederick fred freddy frederic federico friedrich frederik
gabriel gabe gavriil
george jorge georg georges giorgio georgy georgi yuri yury yuriy jurij heorhii
gregory greg grigory grigori gregorio grzegorz
helen elena yelena olena helena ellen
henry harry heinrich henri enrique enrico henrik hank
ilya ilia elias illia
ignatius ignacio nacho
igor ihor
jacob jakob yakov jacques jaime
james jim jimmy jamie diego santiago
john jon johnny jack juan jean johann johannes giovanni ivan ian sean joao jan hans yahya jonny
jonathan jon jonny
joseph joe jose josef giuseppe yusuf yousef yosef iosif pepe josip
joshua josh
julius julio jules giulio yuliy
lawrence larry laurence lorenzo laurent
leo leon lev leonid
louis luis luigi ludwig lewis luiz lou
mahmoud mahmud mahmood mehmud makhmud mahmut
ahmed ahmad akhmed akhmad achmad ahmet amadou
margaret maggie peggy margarita marguerite
maria mary marie maryam mariam miriam
mark marc marco marcos markus marcus
martin martyn martino
matthew matt mateo matteo mathieu matthias matvey
michael mike mikhail michel miguel michele mick misha mykhailo mihail michal mikhael
mohammed mohammad muhammad mohamed muhammed mohamad muhamad mehmet mahomet maxamed mamadou
natalia natasha natalya nataliia
nicholas nick nicolas nikolai nikolay nicola nikolaus klaus mykola nicolae nico miklos
olga olha
patrick pat paddy patricio
paul pablo paolo pavel pavlo paulo
peter pete pedro pierre petr pyotr piotr pietro petro
philip phil philippe felipe filippo
rebecca becky
richard rick dick ricardo riccardo rich
robert bob rob bobby roberto bert
ronald ron ronnie
samuel sam samuil
sergey sergei serhiy serge sergio sergiy sergej serhii
simon simeon semyon
stephen steve steven stefan stephan esteban stefano etienne stepan
susan sue suzanne susanna
sofia sophia sophie
theodore ted teddy fyodor fedor teodoro theodor
thomas tom tommy tomas tomasz tommaso
timothy tim timofey
victoria vicky viktoria
vladimir volodymyr wladimir vova volodya
vyacheslav viacheslav slava
walter walt wally
william bill will billy wilhelm guillermo guillaume willem
xavier javier
lee li yi ri rhee
park pak bak
choi choe
jung chung jeong jong cheong
kim gim
lim im rim yim lin
roh noh no ro
yoo yu ryu ryoo yoo liu
chang zhang jang cheung
wang wong
chen chan tan
huang hwang
zhao chao jo cho
"""


def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in GROUPS.strip().splitlines():
        together = frozenset(line.split())
        for word in together:
            found[word] = found.get(word, frozenset()) | together
    return found


ALIKE = _groups()
