#include "core/base/Hash.h"
#include "tests/support/TestSupport.h"

using namespace limpid;

class HashTest : public QObject
{
    Q_OBJECT

private slots:
    /// FIPS 180-4 examples, and the million "a" of the NIST test vectors.
    void knownVectors_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("hex");
        QTest::newRow("empty") << QByteArray() << "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        QTest::newRow("abc") << QByteArray("abc") << "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        QTest::newRow("two blocks") << QByteArray("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")
                                    << "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
        QTest::newRow("million") << QByteArray(1000000, 'a')
                                 << "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";
    }
    void knownVectors()
    {
        QFETCH(QByteArray, text);
        QFETCH(QString, hex);
        const std::string_view view(text.constData(), static_cast<std::size_t>(text.size()));
        QCOMPARE(QString::fromStdString(sha256(view)), hex);

        Sha256 inParts;
        for (std::size_t at = 0; at < view.size(); at += 7777)
            inParts.add(view.substr(at, 7777));
        QCOMPARE(QString::fromStdString(inParts.hex()), hex);

        QTemporaryDir dir;
        QCOMPARE(QString::fromStdString(sha256OfFile(test::write(dir, "file", text))), hex);
    }

    void missingFile()
    {
        QTemporaryDir dir;
        const std::string name = test::errorNameOf([&] { sha256OfFile(dir.filePath("none").toStdString()); });
        QCOMPARE(name, std::string("FileNotFound"));
    }
};

QTEST_GUILESS_MAIN(HashTest)
#include "tst_hash.moc"
