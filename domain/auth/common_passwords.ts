/** The words passwords are made of most often, compared without digits, signs and capitals. */
export const COMMON_WORDS: ReadonlySet<string> = new Set(
  `
  a i me my you we us the and is in on of to for it abc abcd xyz xxx aaa zzz qaz wsx edc rfv qwe asd zxc qwer asdf zxcv
  qwert asdfg zxcvb qwerty qwertz azerty asdfgh zxcvbn qwertyu asdfghj zxcvbnm qwertyui asdfghjk qwertyuio asdfghjkl
  qwertyuiop poiuytrewq lkjhgfdsa mnbvcxz ytrewq fdsa rewq qazwsx wsxedc qazwsxedc zaq xsw cde zaqxsw qweasd asdzxc
  qweasdzxc pass passwd passwort password passwords passphrase passcode motdepasse contrasena parol parola haslo senha
  wachtwoord kennwort geheim secret secrets private login logon signin signon user users username admin admins
  administrator root toor guest test tests tester testing demo default temp temporary changeme change changeit letmein
  letme welcome welcomes hello hi hallo hola ciao bonjour salut hey goodbye access accessme open enter master superuser
  super system server service services support helpdesk help desk hub office work works job jobs company business
  security secure safe computer computers internet network wifi windows microsoft apple google facebook twitter
  instagram youtube yahoo hotmail gmail outlook android iphone samsung nokia sony ericsson playstation xbox nintendo
  pokemon pikachu mario zelda minecraft fortnite roblox warcraft starcraft diablo counterstrike counter strike halflife
  finalfantasy final fantasy needforspeed need speed residentevil resident evil warhammer mortalkombat devilmaycry
  love loves loved lover lovers lovely loveme loveyou iloveyou iloveu ilove iloveme youandme forever always never
  friend friends family mother father mom mum dad mama papa mommy daddy sister brother baby babygirl babyboy girl boy
  girls boys wife husband honey sweet sweetie sweetheart darling angel angels princess prince queen king kingdom lady
  star stars sun sunny sunshine sunset moon moonlight sky heaven earth world ocean sea beach island river mountain
  rainbow flower flowers rose roses lily daisy jasmine violet orchid cherry apples banana orange lemon peach berry
  strawberry chocolate cookie cookies candy sugar cake coffee beer wine vodka whiskey pizza cheese butter peanut
  peanutbutter chicken hamburger dragon dragons monkey monkeys tiger tigers lion lions bear bears wolf wolves fox eagle
  eagles falcon falcons hawk phoenix panther panthers dolphin dolphins shark sharks whale horse horses pony dog dogs
  doggy puppy cat cats kitty kitten bird birds butterfly spider spiderman batman superman ironman wolverine hulk
  superstar hero heroes ninja pirate pirates samurai warrior warriors soldier hunter hunting fishing killer killers
  destroyer slayer demon devil satan lucifer vampire zombie ghost shadow shadows darkness dark night knight knights
  midnight black blackie white red blue green yellow purple pink silver gold golden diamond crystal platinum fire ice
  water storm thunder lightning winter spring summer autumn fall january february march april may june july august
  september october november december monday tuesday wednesday thursday friday saturday sunday weekend holiday
  vacation christmas xmas easter halloween birthday happy happiness smile smiley lucky luck freedom peace hope faith
  trust believe dream dreams dreamer magic magical mystery wizard merlin harry potter harrypotter hogwarts starwars
  star wars skywalker vader jedi yoda matrix trinity morpheus neo gandalf frodo bilbo hobbit tolkien startrek trek
  enterprise galaxy universe alien aliens rocket spaceship football soccer baseball basketball hockey tennis golf
  volleyball softball cricket rugby boxing racing cowboy cowboys yankees lakers redsox packers steelers raiders
  chelsea arsenal liverpool manchester united barcelona realmadrid madrid juventus milan inter bayern celtic rangers
  everton tottenham ronaldo messi beckham jordan kobe lebron mustang ferrari porsche mercedes bmw audi honda toyota
  yamaha suzuki kawasaki harley davidson corvette camaro chevy ford dodge jaguar lexus subaru nissan volvo michael
  jennifer jessica ashley amanda daniel andrew joshua matthew christopher christian anthony nicholas jonathan
  alexander alexandra alex alexis william robert richard thomas charles charlie david james john johnny george
  joseph joe jack jackson jason justin kevin brian steven stephen patrick peter paul mark martin michelle melissa nicole
  samantha stephanie elizabeth victoria vanessa veronica rebecca rachel sarah sara laura lauren maria mary marie anna
  anne annie hannah emily emma sophia sophie olivia isabella charlotte amelia mia natalie natasha tatiana katie kate
  katherine catherine patricia barbara sandra andrea claudia gabriel gabriela daniela carlos juan jose luis pedro pablo
  diego fernando antonio francisco miguel manuel sebastian santiago maximilian massimiliano giovanni lorenzo marco
  matteo francesco alessandro ivan igor sergey dmitry vladimir vladimirov mohammed mohamed muhammad ahmed ali omar
  fatima aisha buster bailey buddy max maggie molly ginger pepper oscar rocky rusty sammy sam bandit casper duke toby
  jake harley tigger snoopy garfield scooby scoobydoo mickey minnie donald duck goofy bugs bunny barney simpson simpsons
  homer bart futurama pumpkin peanuts muffin cupcake pookie snickers twinkle tinkerbell cinderella barbie metallica
  nirvana slipknot linkin park linkinpark greenday eminem beatles rolling stones rollingstones pinkfloyd pink floyd
  ironmaiden iron maiden acdc megadeth pantera marley bobmarley madonna britney spears beyonce rihanna justinbieber
  bieber onedirection jonas brothers michaeljackson systemofadown avrillavigne lavigne avril punks guitar guitars drums
  piano music musica musik song singer dance dancer dancing rock rocks rockstar rocknroll metal punk hiphop rapper jazz
  player playboy gamer games game gaming winner winners champion champ legend victory power powers powerful strong
  force forces army navy marine marines military police fireman doctor nurse teacher student school college university
  hacker hackers cyber matrixx terminator predator robocop gladiator maverick goose topgun jamesbond bond agent secretagent
  america american usa canada mexico brazil argentina england london britain scotland ireland france paris germany
  deutschland berlin italy italia rome spain espana russia moscow china india japan tokyo australia sydney newyork york
  california florida texas dallas chicago boston denver phoenixx atlanta houston seattle sanfrancisco losangeles vegas
  lasvegas hawaii jesus christ jesuschrist god godisgood lord savior church bible blessed blessing grace mercy glory
  ingodwetrust allah bismillah krishna ganesh shiva buddha fuck fucker fucking fuckyou fuckoff fuckme shit bullshit bitch
  bitches asshole bastard cunt dick cock pussy boobs tits sex sexy sexsex porn porno pornographic horny naked nude
  masturbation masturbating hotstuff hottie babe babes cool coolio awesome amazing great best good bad nice whatever
  nothing something everything anything nobody somebody everybody computer123 trustno noone one two three four five six
  seven eight nine ten hundred thousand million money dollar dollars cash rich billion casino poker lottery stupid idiot
  crazy mental insane psycho silly funny chicken1 please thanks thankyou today tomorrow yesterday morning evening
  ticket tickets ticketmaster desktop laptop keyboard mouse printer monitor cisco oracle mysql postgres sqlserver linux
  ubuntu debian redhat unix solaris java python perl delphi website websites solutions digital online offline mobile
  telephone phone house home homes sweethome garden kitchen car cars truck bike biker motorcycle train airplane pilot
  captain sailor anchor nature natural forest tree trees leaf grass stone metalhead wood fireball snowball snowman
  snow snowboard skate skater skateboard surf surfer surfing swim swimmer swimming run runner running jump walker
  gfhjkm ghbdtn ghjcnj fktrcfylh fktrcfylhf dkflbvbh dkflbvbhjdbx vfhbyf rfnthbyf yfnfif cthutq vfrcbv fylhtq bhbyf
  fyfcnfcbz flvby flvbybcnhfnjh k.,jdm lytghjgtnhjdcr ytgjvy vfvf gfgf ljcneg ybrjukf gjkysq yjdsq cfvsq
  skittles marshmallow watermelon pineapple mango kiwi coconut mandarin blueberry raspberry icecream
  `.trim().split(/\s+/),
);

/** Frequently breached passwords of twelve characters and more, without spaces and signs. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  correcthorsebatterystaple correcthorsebattery horsebatterystaple thequickbrownfox thequickbrownfoxjumps
  quickbrownfox jumpsoverthelazydog thecakeisalie leavemealone whosyourdaddy iseedeadpeople allyourbase
  allyourbasearebelongtous maytheforcebewithyou theforceiswithyou usetheforceluke lukeiamyourfather
  winteriscoming youknownothing youknownothingjonsnow valarmorghulis tobeornottobe openthedoor opensesame
  opensesameplease letmeinplease letmeinnow pleaseletmein letmeinagain donttellanyone donotdisturb
  keepcalmandcarryon hakunamatata supercalifragilistic supercalifragilisticexpialidocious onceuponatime
  happilyeverafter happybirthday happynewyear merrychristmas mypasswordis mypasswordis123 thisismypassword
  thisispassword thisisapassword thisisasecret thisismysecret notmypassword notapassword newpassword
  newpassword1 oldpassword yourpassword passwordispassword passwordforyou thepassword ihatepasswords
  ihatepassword ilovepasswords nopassword nopasswords nopasswordhere forgotpassword forgotmypassword
  iforgotmypassword iforgot123456 whatisthepassword whatismypassword enterpassword enteryourpassword
  typepassword secretpassword supersecret supersecretpassword topsecret123 verysecret123 mysecretpassword
  adminpassword administrator rootpassword userpassword defaultpassword temppassword temporarypassword
  testpassword testingtesting testtesttest passwordtest pass1234word passwordstandard changeme1234
  changemenow changethis changethispassword changemeplease pleasechangeme resetpassword passwordreset
  welcometothejungle welcome2theworld welcomehome welcomeback welcometomylife welcometohell
  iloveyousomuch iloveyouforever iloveyoubaby iloveyou4ever iloveyoumore iloveyoutoo iloveyoulots iloveyoujesus
  ilovemyself ilovemymom ilovemymum ilovemymommy ilovemymother ilovemydad ilovemyfamily ilovemyfriends
  ilovemydog ilovemycat ilovemylife ilovemywife ilovemyhusband ilovemykids ilovemybaby ilovemysister
  ilovemybrother ilovejesus ilovegod123 ilovemusic ilovefootball ilovechocolate ilovedogs123 ilovecats123
  iloveanimals ilovehorses ilovepizza123 ilovesummer ilovenewyork iloveschool ihateyou1234 ihateyousomuch
  ihateschool ihatemylife lovemeforever loveyouforever loveforever loveislife lifeisgood lifeisbeautiful
  lifeislife lifegoeson liveyourlife livelaughlove livelovelaugh laughoutloud loveisintheair loveisblind
  loveconquersall allyouneedislove lovemeorleaveme myoneandonly togetherforever foreverandever foreveryoung
  foreverlove foreverfriends bestfriends bestfriend123 bestfriendsforever friendsforever friends4ever
  familyforever familyfirst familyguy123 myfamily1234 mybabygirl mybabyboy mylittlepony mychemicalromance
  myboyfriend mygirlfriend myhusband123 jesuslovesme jesuslovesyou jesusismylord jesusislord jesuschrist
  jesussaves jesusfreak ilovejesus1 godisgood123 godislove123 godblessyou godblessme godblessamerica ingodwetrust
  ingoditrust thankyoujesus thankyoulord praisethelord hallelujah123 amazinggrace blessedbethyname trustinggod
  trustnoone123 trustnobody onlygodcanjudgeme fuckyoubitch fucktheworld fuckyouall fuckeveryone fuckyoufuckyou
  fuckoffbitch gotohell1234 suckmydick123 bitchplease badassbitch sexybitch123 iloveboobies schoolgirlie
  contortionist masterbating masterbaiting masterbation stinkyfinger whatthefuck whatthehell ohmygod12345
  sonyericsson counterstrike callofduty callofduty4 callofduty123 modernwarfare grandtheftauto gtasanandreas
  worldofwarcraft leagueoflegends clashofclans assassinscreed metalgearsolid residentevil resident1234
  finalfantasy finalfantasy7 finalfantasyx kingdomhearts legendofzelda supermario123 supermariobros
  pokemonmaster gottacatchemall dragonballz dragonballz123 dragonballgt narutouzumaki sasukeuchiha
  yugiohmaster deathnote123 fullmetalalchemist onepiece1234 needforspeed mostwanted123 streetfighter
  mortalkombat teamfortress2 halflife2episode theelderscrolls angrybirds123 playstation1 playstation2
  playstation3 playstation4 playstation5 xbox360xbox360 minecraft123 minecraft1234 roblox123456 fortnite1234
  justinbieber justinbieber1 selenagomez hannahmontana onedirection michaeljackson elvispresley bobmarley123
  jimihendrix kurtcobain123 ledzeppelin metallica123 ironmaiden123 blacksabbath systemofadown rollingstones
  linkinpark123 greenday1234 blink182blink redhotchilipeppers avengedsevenfold mychemicalrom bulletformyvalentine
  guns4roses123 gunsnroses123 panicatthedisco falloutboy123 thebeatles123 punksnotdead rageagainst
  rageagainstthemachine stairwaytoheaven bohemianrhapsody smellsliketeenspirit hotelcalifornia
  dontworrybehappy dontstopbelieving anotherbrickinthewall thedarksideofthemoon darksideofthemoon
  manchesterunited manchestercity manunited123 liverpoolfc123 liverpool1234 youllneverwalkalone arsenalfc1234
  chelseafc1234 realmadrid123 realmadridcf fcbarcelona123 fcbarcelona1899 barcelona1234 cristiano123
  cristianoronaldo lionelmessi10 lionelmessi123 juventus1897 bayernmunich fcbayern1900 acmilan1899
  galatasaray1905 fenerbahce1907 besiktas1903 bocajuniors riverplate123 flamengo1895 corinthians corinthians1910
  dallascowboys newyorkyankees bostonredsox losangeles123 chicagobulls chicagobears greenbaypackers
  pittsburghsteelers harleydavidson fordmustang123 chevycorvette volkswagen123 lamborghini lamborghini1
  mercedesbenz alfaromeo1234 landrover1234 spongebob1234 spongebobsquarepants mickeymouse1 mickeymouse123
  minniemouse1 donaldduck123 winniethepooh tinkerbell123 hellokitty123 scoobydoo1234 tweetybird123 bugsbunny1234
  harrypotter1 harrypotter7 harrypotter123 hermionegranger ronweasley123 albusdumbledore luciusmalfoy
  expectopatronum lordvoldemort gandalfthegrey lordoftherings onering2rule onering2rulethemall frodobaggins
  bilbobaggins starwars1234 lukeskywalker anakinskywalker darthvader123 obiwankenobi hansolo12345 chewbacca1234
  stormtrooper1 millenniumfalcon startrek1234 jeanlucpicard jamestkirk123 jamesbond007 jamesbond1234
  terminator2 terminator123 indianajones jackthereaper jacksparrow1 captainjack123 captainamerica
  piratesofthecaribbean spiderman1234 superman12345 batmanbegins batmanrobin123 thedarkknight greenlantern
  incrediblehulk ironman123456 transformers optimusprime1 teenagemutant ninjaturtles powerrangers
  buffythevampireslayer vampirediaries twilightsaga edwardcullen bellaswan123 gameofthrones breakingbad123
  thewalkingdead bigbangtheory thesimpsons1 bartsimpson123 homersimpson southpark1234 supernatural peanutbutter
  chocolatecake strawberry123 strawberries watermelon123 blueberries cheeseburger hamburger1234 vanillaice123
  icecreamcone cottoncandy butterscotch gingerbread bubblegum123 marshmallow1 cinnamonroll applepie1234
  coffeebreak coffeelover1 cocacola1234 cocacolalight mountaindew1 dietcoke1234 jackdaniels1 jackdaniels123
  budweiser1234 heineken1234 sunflower1234 butterflies butterfly1234 dragonfly1234 hummingbird grasshopper
  caterpillar dandelions thunderstorm thunderbird1 thunderbolt1 lightningbolt firefighter firefighters
  blackwidow123 blackdragon1 blackpanther whitetiger123 whitewolf1234 silverfox1234 goldenretriever
  goldfish12345 moonlight1234 sunshine12345 starlight1234 midnight12345 snowflake1234 snowboarding skateboarding
  basketball23 basketball123 cheerleader cheerleader1 cheerleading quarterback1 football1234 footballer10
  soccerplayer volleyball123 baseball12345 gymnastics123 photography1 photographer engineering1 mathematics1
  programmer123 webdeveloper websolutions networkadmin administrator1 administrator123 administrador
  systemadmin1 sysadmin12345 helpdesk12345 servicedesk1 support12345 itsupport1234 technology123 information1
  international independence1 independent1 constitution revolution123 government123 intelligence
  undertaker123 johncena12345 rockyourworld knowledge1234 wisdom123456 imagination1 inspiration1 motivation123
  beautiful1234 beautifulgirl beautifullife prettyprincess littleprincess princess12345 sweetprincess
  daddysgirl123 daddyslittlegirl mommysboy1234 sweetheart123 sweethearts1 heartbreaker heartbroken1
  brokenheart1 crazyinlove12 crazyinlove123 hopelessromantic heavenlyangel fallenangel12 angelofdeath
  darkangel1234 guardianangel losangelesca sanfrancisco sanfrancisco49 newyorkcity1 newyork12345 philadelphia
  massachusetts connecticut1 pennsylvania washington123 washingtondc northcarolina southcarolina westvirginia
  newzealand123 southafrica1 unitedstates unitedkingdom deutschland1 deutschland123 frankfurt1234 schalke04schalke
  borussia1909 wasistdaspasswort passwort1234 passwort12345 passwort123456 meinpasswort meinpasswort1
  ichliebedich ichliebedich1 schatz123456 sonnenschein sonnenschein1 sonnenblume1 schmetterling weihnachten1
  weihnachtsbaum weihnachtsmann fussball1234 hallo1234567 hallohallo12 hallo12345678 willkommen123 willkommen1234
  geheim123456 sommer123456 winter123456 motdepasse12 motdepasse123 motdepasse1234 monmotdepasse jetaime12345
  jetaimeplus1 jetaimemoncoeur bonjour12345 bonjour123456 soleil123456 doudou123456 loulou123456 marseille13
  marseille1313 olympique13 azertyuiop123 azerty123456 azerty1234567 contrasena123 contrasena1234 micontrasena
  miclave12345 teamo1234567 teamomucho12 teamoteamo12 tequieromucho tequiero1234 mivida123456 miamor123456
  estrella1234 princesa1234 mariposa1234 corazon12345 bonita123456 chocolate123 chocolate1234 amorcito1234
  amoreterno12 amormio12345 jesusteamo12 diosesamor12 diosteama123 senha1234567 minhasenha12 minhasenha123
  euteamo12345 flamengo1234 brasil123456 brasil2014br ciaociao1234 tiamo1234567 tiamotanto12 amoremio1234
  forzajuve123 forzamilan12 forzaitalia1 forzainter12 lasolitapassword juventus1234 napoli192612 welkom123456
  welkom1234567 wachtwoord12 wachtwoord123 mijnwachtwoord ikhouvanjou1 ikhouvanjou feyenoord123 ajaxamsterdam
  hasło1234567 haslo1234567 mojehaslo123 kochamcie123 kochamcie1234 polska123456 lozenord1234 lösenord1234
  salasana1234 salasana12345 passord12345 passord123456 adgangskode1 parola123456 parola1234567 sifre1234567
  seniseviyorum seniseviyorum1 seviyorum123 istanbul1453 turkiye12345 privet123456 ghbdtn123456 gfhjkm123456
  gfhjkm1234567 gfhjkmgfhjkm ghbdtnghbdtn ghjcnjgfhjkm ghjcnjghjcnj ghjcnjnfr123 ghbdtnrfrltkf flvbybcnhfnjh
  flvbybcnhfnjhs lytghjgtnhjdcr vladimir1234 natasha12345 marina123456 aleksandr123 aleksandra12 alexander123
  alexander1234 alexandra123 samsung12345 samsung123456 nokia1234567 motorola1234 blackberry123 nintendo1234
  microsoft123 microsoft1234 windows12345 windowsxp123 windows10windows macintosh123 thinkpad1234 hewlettpackard
  compaq123456 internet1234 internetexplorer googlechrome facebook1234 facebook12345 facebookcom1 myfacebook12
  instagram123 instagram1234 youtube12345 twitter12345 snapchat1234 whatsapp1234 linkedin1234 linkedin12345
  yahoomail123 gmail1234567 hotmail12345 ticketmaster morganstanley goldmansachs bankofamerica mastercard123
  visamastercard millionaire1 billionaire1 makemoney123 moneymoney12 moneymaker12 showmethemoney cashmoney123
  getrichordietryin getrich12345 thuglife1234 gangster1234 gangsta12345 westside1234 eastside1234 snoopdogg123
  tupacshakur1 tupac1234567 eminem123456 slimshady1234 marshallmathers wutangclan12 cypresshill1 420blazeit420
  marijuana420 smokeweed420 smokeweedeveryday legalizeit420 weed420weed420 fourtwenty420 mynameis1234
  mynameisjeff mynameisearl whoareyou123 whoami123456 howareyou123 iamthebest12 iamthebest123 iamtheking12
  iamawesome12 iamawesome123 iamlegend123 iamironman12 iambatman1234 iamgroot1234 imthebest123 imsexyandiknowit
  youarethebest youaremysunshine youaremylife youaremylove youaretheone yourmother123 yourmom12345 yomama123456
  itsasecret12 itsasecret123 dontforget12 dontforgetme forgetmenot1 forgetmenot12 rememberme12 rememberme123
  dontknow1234 idontknow123 idontknow1234 idontcare123 idontcare1234 nevergiveup1 nevergiveup123 neversaynever
  nevermind123 nothingelsematters neverendingstory yesterday123 tomorrow1234 everything1 everything123
  everybodylies somethingelse whatever1234 whatever12345 nothing12345 nopainnogain nopainnogain1 carpediem123
  carpediem1234 veni1vidi2vici venividivici cogitoergosum justdoit1234 justdoit12345 impossible123 nothingisimpossible
  backtothefuture thegodfather fightclub123 pulpfiction1 forrestgump1 shawshank123 braveheart12 braveheart123
  thematrix123 thematrix1999 followthewhiterabbit theonering12 thechosenone theterminator houseofcards1
  opensesame123 openthedoor12 welcomehome12 welcomeback1 newpassword12 newpassword123 oldpassword12 oldpassword123
  thepassword1 thepassword12 thepassword123 nopassword12 nopassword123 supersecret1 supersecret12 supersecret123
  lifeisgood12 lifeisgood123 lifeisgreat1 lifeisshort1 lifeistooshort lifesucks123 lifesucks1234 lovelife1234
  lovehurts123 lovehurts1234 lovesucks123 lovelovelove loveyou12345 loveyou123456 lovers123456 loverboy1234
  lovergirl123 babygirl1234 babygirl12345 babyboy12345 babyblue1234 babydoll1234 babyface1234 babylove1234
  bigdaddy1234 bigboss12345 bigbrother12 bigbrother123 bigmoney1234 bigbang12345 blackbird123 blackberry12
  blackmagic12 blackmamba24 blackmamba824 kobebryant24 kobebryant8 lebronjames23 lebronjames6 michaeljordan
  michaeljordan23 stephencurry30 tombrady1212 peytonmanning18 waynegretzky99 tigerwoods123
  muhammadali1 muhammadali123 miketyson123 rockybalboa1 hulkhogan123 stonecold316 austin316316 jesus777777
  jesus7777777 lucky7777777 lucky777lucky luckycharm12 luckystrike1 luckystrike123 marlboro1234 marlborored1
  camelblue123 redbull12345 redbull123456 monsterenergy monster12345 starbucks123 starbucks1234 mcdonalds123
  burgerking12 burgerking123 pizzahut1234 kitkat123456 snickers1234 skittles1234 nutella12345 oreocookies1
  doritos12345 pringles1234 popcorn12345 sprite123456 fanta1234567 pepsicola123 pepsi1234567 drpepper1234
  drpepper12345 summertime12 summertime123 summerlove12 summerlove123 summer2020summer wintertime12 wintertime123
  springtime12 springtime123 autumnleaves autumnleaf12 halloween1031 christmas1225 christmas2020 newyear20202020
  valentine0214 valentine123 valentines14 independence76 fourthofjuly 4thofjuly1776 september11th nineeleven911
  remember911911 emergency911 emergency112 callme911911 hello1234567 hellohello12 hellohello123 helloworld12
  helloworld123 helloworld1 helloworld1234 hellothere12 hellothere123 hellokitty12 hellokitty1 hellomoto123
  goodmorning1 goodmorning12 goodmorning123 goodnight123 goodnight1234 goodbye12345 goodluck1234 goodluck12345
  goodcharlotte goodtimes123 goodgirl1234 goodboy12345 badboy123456 badboys12345 badgirl12345 badger123456
  lost4815162342 4815162342lost twelve121212 drowssap1234 drowssapdrowssap wordpass1234 wordpasswordpass
  mailcreated5240 polniypizdec0211 polniypizdec110211 sojdlg123aljg ghhh47hj7649 chickenwing101 newproject2004
  domainlock2005 momsanaladventure hd764nw5d7e1vb1 auckland2010 stratocaster nightcrawler frederiksberg
  mypassword12 mypassword123 mypassword1234 mypass123456 mypasswd1234 pa55word1234 passw0rd1234 passw0rd12345
  ncc1701ncc1701 ncc1701dncc1701d thx1138thx1138 abc123abc123 abcd1234abcd abcd12345678 abc123456789 abc12345678
  abcde1234567 abcdef123456 a123456789b1 a1234567890a aa123456789 aa1234567890 q123456789q1 qq123456789q
  z123456789z1 x123456789x1 asd123456789 qwe123456789 qwe123qwe123 asd123asd123 zxc123zxc123 qaz123wsx456 qaz123qaz123
  123qwe123qwe 123qwe456asd 123qwe456rty 123qweasdzxc 123456qwerty 123456asdfgh 123123qweqwe 123321qweewq 1q2w3e4r5t6y
  1qaz2wsx3edc 1qazxsw23edc 1qa2ws3ed4rf q1w2e3r4t5y6 qawsedrftgyh qazwsxedcrfv qweasdzxc123 zaq12wsxcde3 zaq1xsw2cde3
  zaq1zaq1zaq1 1234qwerasdf 12qw34er56ty qwerty123456 123456654321 123321456654 159753456852 147258369000 147258369147
  147852369000 741852963000 963852741000 789456123000 789456123789 123456789123 123654789654 321654987321 010203040506
  102030405060 112233445566 121212343434 131313131313 142536475869 246813579000 135792468000 314159265358 271828182845
  161803398874 012345678910 123456789101 122333444455555 111222333000 696969696969 420420420420 666666666666 007007007007
  `.trim().split(/\s+/),
);
