#pragma once

#include <QWidget>

#include <string>
#include <vector>

class QLineEdit;

namespace limpid {

class Theme;

/// The aliases of a version as chips, each with a button that takes it off, and a field for another.
class AliasBar : public QWidget
{
    Q_OBJECT
public:
    explicit AliasBar(const Theme& theme, QWidget* parent = nullptr);
    void setAliases(const std::vector<std::string>& aliases);

signals:
    void added(const QString& alias);
    void removed(const QString& alias);

private:
    void rebuild();
    const Theme& m_theme;
    std::vector<std::string> m_aliases;
};

} // namespace limpid
