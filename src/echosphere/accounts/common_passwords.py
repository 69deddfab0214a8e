"""Words that passwords are most often made of, in lower case; variations are derived by rule."""

_WORDS = """
    password passwort passwd passphrase passw pass word motdepasse contrasena contrasenya senha
    parola haslo heslo salasana wachtwoord losenord lozinka sifre kennwort geheim secret secreto
    letmein letme open sesame welcome willkommen bienvenue bienvenido benvenuto hello hallo hola
    bonjour login logon signin signup admin administrator root user guest test tester testing demo
    default changeme change temp temporary example sample master server system service computer
    internet online access security secure private account company office manager support
    echosphere messenger message chat chatting
    iloveyou loveyou lovely love lover loveme forever always angel baby babygirl babyboy princess
    prince sweetheart sweetie honey sunshine sunflower flower rose lovers kiss kisses darling
    monkey dragon tiger lion eagle falcon hawk wolf panther bear dolphin shark horse pony unicorn
    butterfly kitten kitty puppy cat dog rabbit bunny spider snake cookie cookies chocolate cheese
    banana orange apple cherry peach pepper ginger coffee pizza butter candy sugar
    football soccer baseball basketball hockey tennis golf volleyball cricket rugby fitness player
    liverpool chelsea arsenal barcelona juventus madrid bayern manchester united yankees lakers
    steelers cowboys eagles rangers patriots packers raiders
    superman batman spiderman ironman wonderwoman starwars startrek skywalker yoda matrix pokemon
    pikachu naruto goku minecraft fortnite roblox nintendo playstation xbox warcraft hunter ranger
    killer shadow ninja samurai pirate warrior wizard merlin gandalf phoenix zombie
    summer winter spring autumn january february march april may june july august september october
    november december monday tuesday wednesday thursday friday saturday sunday
    blue red green black white yellow purple pink silver golden gold diamond crystal ruby
    michael jordan jessica ashley daniel andrew joshua matthew jennifer nicole michelle amanda
    thomas robert charlie maggie buster hannah sophie anthony william george martin alexander
    nicholas samantha elizabeth victoria maria andrea carlos antonio francisco mohamed ahmed
    america canada england germany france espana italia mexico brasil india china japan london
    paris berlin newyork chicago dallas texas california florida boston
    mustang ferrari porsche corvette mercedes toyota honda yamaha harley camaro
    freedom trust trustno believe blessed blessing jesus christ heaven faith hope peace family
    friends friend mother father mommy daddy sister brother happy lucky smile music guitar dance
    whatever nothing something money million dollar business success power magic mystery
    qwerty qwertz azerty asdf zxcvbn qazwsx wsxedc edcrfv qwer abc abcd aaa xxx zzz
"""
COMMON_WORDS = frozenset(_WORDS.split())

KEYBOARD_RUNS = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyzabc",
    "qwertyuiop[]asdfghjkl;'zxcvbnm,./",
    "qwertzuiopü+asdfghjklöäyxcvbnm,.-",
    "azertyuiop^$qsdfghjklmùwxcvbn,;:!",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "!@#$%^&*()_+",
    '!"§$%&/()=?',
    "147258369",
    "789456123",
    "poiuytrewq",
    "mnbvcxz",
)
