"""Forms of one given name, spellings of one family name, ways to cut a firm's words short: a line each."""

from __future__ import annotations

# A line: ways to write or shorten one given name, or a family name that goes by several spellings.
GROUPS = """
alexander alex alexandr aleksandr oleksandr sasha sascha alejandro alessandro iskander sander xander shura aleksander oleksander aleks alec lex sanya
alexandra sandra sasha aleksandra alessandra
alexei alexey aleksei oleksii alyosha alexis lyosha lesha aleksey aleksej alexej oleksiy
andrew andrei andrey andreas andre andres andrzej andrii andrej drew andy andryusha andriy andrejs
anthony antonio anton antoine tony antoni anatole antonius
barack barry
benjamin ben benny bibi binyamin benyamin
bernard bernhard bernardo bernie
catherine katherine kathryn kate katie kathy cathy katya ekaterina yekaterina kateryna catalina katarina katja catarina karen kateryn kat
charles charlie carlos carl karl karel carlo chuck
christopher chris christoph christophe cristobal kit
christina christine kristina cristina tina
daniel dan danny danila
david dave davide davit dawid
dmitry dmitri dmytro dima dimitri dimitrios mitya dmitriy dmitrij dmytry dimitry
edward ed eddie eduard eduardo ted ned
elizabeth liz lisa beth betty elisabeth yelizaveta elizaveta isabel
emmanuel manuel emanuel manny
eugene evgeny yevgeny yevgeni evgenii yevhen gene zhenya evgeniy yevgeniy jevgeni evgenij
francis frank francisco francesco francois franz paco
frederick fred freddy frederic federico friedrich frederik
gabriel gabe gavriil
george jorge georg georges giorgio georgy georgi yuri yury yuriy jurij heorhii
gregory greg grigory grigori gregorio grzegorz grisha hryhoriy
helen elena yelena olena helena ellen
henry harry heinrich henri enrique enrico henrik hank
ilya ilia elias illia
ignatius ignacio nacho
igor ihor
jacob jakob yakov jacques jaime yaakov jake iakov yaqub yakub
james jim jimmy jamie diego santiago
john jon johnny jack juan jean johann johannes giovanni ivan ian sean joao jan hans yahya jonny
jonathan jon jonny
joseph joe jose josef giuseppe yusuf yousef yosef iosif pepe josip yousuf yosef jozef youssef
joshua josh
julius julio jules giulio yuliy
lawrence larry laurence lorenzo laurent
leo leon lev leonid
louis luis luigi ludwig lewis luiz lou
mahmoud mahmud mahmood mehmud makhmud mahmut
ahmed ahmad akhmed akhmad achmad ahmet amadou
margaret maggie peggy margarita marguerite
maria mary marie maryam mariam miriam masha marija mariya mariia
mark marc marco marcos markus marcus
martin martyn martino
matthew matt mateo matteo mathieu matthias matvey
michael mike mikhail michel miguel michele mick misha mykhailo mihail michal mikhael mihai mykhaylo mickey micheal
mohammed mohammad muhammad mohamed muhammed mohamad muhamad mehmet mahomet maxamed mamadou
natalia natasha natalya nataliia nataliya natalie nathalie nata
nicholas nick nicolas nikolai nikolay nicola nikolaus klaus mykola nicolae nico miklos kolya mikolaj nikola nikolaos
olga olha
patrick pat paddy patricio
paul pablo paolo pavel pavlo paulo pasha pavle pal
peter pete pedro pierre petr pyotr piotr pietro petro petya petros petar peder
philip phil philippe felipe filippo
rebecca becky
richard rick dick ricardo riccardo rich
robert bob rob bobby roberto bert
ronald ron ronnie ronny
samuel sam samuil
sergey sergei serhiy serge sergio sergiy sergej serhii seryozha siarhei
simon simeon semyon
stephen steve steven stefan stephan esteban stefano etienne stepan stepa stevan stjepan istvan
susan sue suzanne susanna
sofia sophia sophie
theodore ted teddy fyodor fedor teodoro theodor fedya theo
thomas tom tommy tomas tomasz tommaso toma
timothy tim timofey
victoria vicky viktoria
vladimir volodymyr wladimir vova volodya wlodzimierz vlad vladimer uladzimir
vyacheslav viacheslav slava viatcheslav wjatscheslaw
walter walt wally
gennady gennadi gennadiy gena genadi hennadiy
jeffrey jeff geoffrey geoff
kenneth ken kenny
donald don donny
edgar eddy
albert bert alberto
alfred fred alfredo
arthur art arturo artur
raymond ray ramon raimundo raymundo
rafael raphael rafa raffaele
roberto beto
jesus chuy
guadalupe lupe
dolores lola
concepcion concha conchita
boris borya
konstantin kostya constantin constantine konstantinos
leonid lyonya
roman roma
ruslan rusik
stanislav stas stanislaw
valentin valya valentyn
valery valeri valeriy valera valerij
viktor victor vitya vittorio
vitaly vitali vitaliy vitalik
yaroslav slavik jaroslav jaroslaw
irina ira iryna irene
ludmila lyudmila luda mila liudmila
svetlana sveta svitlana
tatiana tanya tatyana tetiana tatjana
galina galya halyna
yulia julia yuliya juliya yulya giulia
anastasia nastya anastasiya
darya dasha daria dariya
william bill will billy wilhelm guillermo guillaume willem liam
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
# A line: a word of firms' names, and how it is cut short.
FIRMS = """
trading trdg trd
shipping shpg
management mgmt mgt
services service svcs svc
technology technologies technical tech
construction constructions constr
transport transportation transp
association assn assoc
investment investments invest invt inv
enterprises enterprise ent
import imp
export exp
development dev
authority auth
group grp
holding holdings hldg hldgs
industries industry industrial inds ind
equipment eqpt
insurance ins
foundation fdn
organization organisation org
government govt
ministry min
petrochemical petrochem
chemical chemicals chem
pharmaceutical pharmaceuticals pharma pharm
electric electrical electronics elec
marketing mktg
products prods
commercial comm coml
agency agencies
exchange exch
manufacturing mfg
university univ
department dept
brothers bros
company compania compagnie
general genl gen
establishment estab est
"""


def _groups() -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for line in (GROUPS + FIRMS).split("\n"):
        together = frozenset(line.split())
        for word in together:
            found[word] = found.get(word, frozenset()) | together
    return found


ALIKE = _groups()
